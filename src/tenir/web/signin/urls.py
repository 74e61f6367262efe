"""Addresses of the sign-in; those of allauth that this desk does not have are closed before its own are opened."""

from django.urls import include, path
from django.views.i18n import set_language

from tenir.web.signin import views

urlpatterns = [
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("language/", set_language, name="set_language"),
    path("account/email/", views.nowhere),
    path("account/confirm-email/", views.nowhere),
    path("account/confirm-email/<str:key>/", views.nowhere),
    path("account/3rdparty/", views.nowhere),
    path("account/oidc/<str:provider_id>/login/", views.to_provider),
    path("account/oidc/<str:provider_id>/login/callback/", views.from_provider),
    path("account/", include("allauth.urls")),
]
