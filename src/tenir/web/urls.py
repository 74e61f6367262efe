"""Every address of the house, by noun."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("styleguide/", include("tenir.web.styleguide.urls")),
]
