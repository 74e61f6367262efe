"""Addresses of the figures."""

from django.urls import path

from tenir.web.figures import views

urlpatterns = [
    path("figures/", views.figures, name="figures"),
    path("figures.csv", views.as_csv, name="figures-csv"),
]
