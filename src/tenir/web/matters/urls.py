"""Addresses of what a case has in common with others."""

from django.urls import path

from tenir.web.matters import views

urlpatterns = [path("cases/<str:reference>/same-matter/", views.same, name="same-matter")]
