"""Every address of the house, by noun."""

from importlib.util import find_spec

from django.urls import include, path

from tenir.web import shell

urlpatterns = [
    path("", shell.home, name="home"),
    path("presence/", shell.presence, name="presence"),
    path("", include("tenir.web.cases.urls")),
    path("", include("tenir.web.customers.urls")),
    path("", include("tenir.web.search.urls")),
    path("account/", include("allauth.urls")),
    path("styleguide/", include("tenir.web.styleguide.urls")),
]
urlpatterns += [path("", include(room)) for room in ("tenir.web.public.urls",) if find_spec(room.rpartition(".")[0])]
