"""Addresses of the style guide, all below /styleguide/."""

from django.urls import path

from tenir.web.styleguide import views

app_name = "styleguide"
urlpatterns = [
    path("", views.index, name="index"),
    path("list/", views.list_page, name="list"),
    path("case/", views.case_page, name="case"),
    path("public/", views.public_page, name="public"),
    path("error/<int:code>/", views.error_page, name="error"),
    path("rows/", views.rows, name="rows"),
    path("arrive/", views.arrive, name="arrive"),
    path("palette/", views.palette, name="palette"),
    path("mentions/", views.mentions, name="mentions"),
    path("draft/", views.draft, name="draft"),
    path("upload/", views.upload, name="upload"),
    path("removal/", views.removal, name="removal"),
    path("composer/", views.composer, name="composer"),
    path("phone/", views.phone, name="phone"),
    path("mail/", views.mail, name="mail"),
    path("viewing/", views.viewing, name="viewing"),
]
