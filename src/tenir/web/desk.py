"""What the desk's views share: who is asking, how a change is made and how a refusal is said.

A change is a POST of an ordinary form that ends in a redirect, so every screen works without JavaScript, going back
in the browser never repeats anything, and htmx only makes it smoother.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django_htmx.middleware import HtmxDetails

from tenir.ledger.readers import end
from tenir.ledger.refusals import NotThere, Refusal
from tenir.people.models import Agent

P = ParamSpec("P")


class DeskRequest(HttpRequest):
    """A request of somebody who has signed in."""

    user: Agent
    htmx: HtmxDetails
    read_from: str


DeskView = Callable[Concatenate[DeskRequest, P], HttpResponseBase]
View = Callable[..., HttpResponseBase]


def page(view: DeskView[P]) -> View:
    """A view for people who have signed in. What they may not see, and what does not exist, are the same 404."""

    @wraps(view)
    def seen(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request.user = getattr(request, "_cached_user", request.user)  # the lazy stand-in costs at every touch
        if not request.htmx:
            request.read_from = str(end())  # before anything is read: live news begins where this page ends
        try:
            return view(request, *args, **kwargs)
        except (NotThere, ObjectDoesNotExist) as missing:
            raise Http404 from missing

    return login_required(seen)


def change(view: DeskView[P]) -> View:
    """A view that changes something: POST only; a refusal is said on the page that the person came from."""

    @wraps(view)
    def changed(request: DeskRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotThere:
            raise
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return back(request)

    return require_POST(page(cast("DeskView[P]", changed)))


def back(request: HttpRequest, default: str = "/") -> HttpResponseRedirect:
    """Back to where the form says (`next`), else to the page it was on; never to another site."""
    for address in (request.POST.get("next"), request.headers.get("referer"), default):
        if address and url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=False):
            return HttpResponseRedirect(address)
    return HttpResponseRedirect(default)
