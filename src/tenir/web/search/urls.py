"""Addresses of the search."""

from django.urls import path

from tenir.web.search import views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("palette/", views.palette, name="palette"),
]
