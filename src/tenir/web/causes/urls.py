"""Addresses of shared causes."""

from django.urls import path

from tenir.web.causes import fixing, tying, views

urlpatterns = [
    path("causes/", views.causes, name="causes"),
    path("causes/new/", views.new, name="new-cause"),
    path("causes/emerging/", views.emerging, name="emerging-causes"),
    path("causes/<int:cause>/", views.cause, name="cause"),
    path("causes/<int:cause>/words/", views.correct, name="cause-words"),
    path("causes/<int:cause>/fixing/", fixing.fixing, name="cause-fixing"),
    path("cases/<str:reference>/causes/", tying.beside, name="case-causes"),
    path("cases/<str:reference>/causes/ties/", tying.tie, name="case-ties"),
    path("cases/<str:reference>/causes/ties/removal/", tying.untie, name="case-tie-removal"),
]
