"""Every address of the house, by noun."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from tenir.web import shell

urlpatterns = [
    path("", shell.home, name="home"),
    path("presence/", shell.presence, name="presence"),
    path("", include("tenir.web.cases.urls")),
    path("", include("tenir.web.promises.urls")),
    path("", include("tenir.web.customers.urls")),
    path("", include("tenir.web.search.urls")),
    path("", include("tenir.web.reviews.urls")),
    path("", include("tenir.web.matters.urls")),
    path("", include("tenir.web.causes.urls")),
    path("", include("tenir.web.figures.urls")),
    path("", include("tenir.web.people.urls")),
    path("", include("tenir.web.settings.urls")),
    path("", include("tenir.web.signin.urls")),
    path("styleguide/", include("tenir.web.styleguide.urls")),
]
urlpatterns += [path("", include(room)) for room in ("tenir.web.public.urls",) if find_spec(room.rpartition(".")[0])]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("tenir.web.demo.urls")))

handler400 = "tenir.web.errors.bad_request"
handler403 = "tenir.web.errors.forbidden"
handler404 = "tenir.web.errors.not_found"
handler500 = "tenir.web.errors.failure"
