"""The pages of the style guide, and the few answers that its components ask for. No table is read or written."""

from collections.abc import Callable
from functools import wraps
from itertools import count
from typing import Any

import phonenumbers
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tenir import clock
from tenir.web.styleguide import samples
from tenir.web.styleguide.samples import Tongue
from tenir.web.templatetags import icons

View = Callable[..., HttpResponse]
#: As strict as the real pages: a component that needs an inline style fails here first.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LARGEST = 2_000_000

_kept = count(1)
#: How many invented letters came since the page was first shown; see `arrive`.
_arrived = [0]


def shown_here(view: View) -> View:
    """404 on a real desk. `?lang=en&theme=dark&size=large&digits=spaced&font=readable` choose how the page looks."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not (settings.DEBUG or getattr(settings, "DEMO", False)):
            raise Http404
        language = request.GET.get("lang", translation.get_language() or "en")[:2]
        with translation.override(language if language in ("fr", "en") else "en"):
            response = view(request, **kwargs)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return guarded


def _tongue() -> Tongue:
    return Tongue((translation.get_language() or "en")[:2])


def _show(request: HttpRequest, template: str, current: str, **context: Any) -> HttpResponse:
    asked = request.GET
    look = {
        "theme": asked.get("theme"),
        "text_size": asked.get("size"),
        "digits": asked.get("digits"),
        "font": asked.get("font"),
    }
    base = {
        "say": _tongue(),
        "look": look,
        "nav": samples.nav(_tongue(), current),
        "palette_url": "/styleguide/palette/",
        "live_url": asked.get("live", ""),
        "organisation": "Bacs du Val",
    }
    return render(request, f"tenir/styleguide/{template}.html", {**base, **context})


class SampleForm(forms.Form):
    """One field of each kind, for the style guide."""

    use_required_attribute = False

    subject = forms.CharField()
    language = forms.ChoiceField(choices=[("fr", "français"), ("en", "English")])
    channel = forms.ChoiceField()
    consent = forms.BooleanField(required=False)
    address = forms.EmailField()

    def __init__(self, say: Tongue, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name(
            "subject",
            say("Objet", "Subject"),
            say("Quelques mots, comme on le dirait.", "A few words, as one would say it."),
        )
        self._name("language", say("Langue", "Language"), "")
        self._name(
            "consent",
            say("Peut être rappelée", "May be called back"),
            say("Elle l’a dit elle-même.", "She said so herself."),
        )
        self._name("address", say("Adresse", "Address"), "")
        ways = [("mail", say("qu’on lui écrive", "to be written to")), ("phone", say("le téléphone", "the telephone"))]
        self.fields["channel"] = forms.ChoiceField(
            label=say("Préfère", "Prefers"), widget=forms.RadioSelect, choices=ways
        )
        self.fields["address"].error_messages["invalid"] = say(
            "Il manque ce qui suit le @ : par exemple laurent@exemple.fr.",
            "What follows the @ is missing: for example laurent@example.com.",
        )

    def _name(self, name: str, label: str, help_text: str) -> None:
        self.fields[name].label, self.fields[name].help_text = label, help_text


@shown_here
def index(request: HttpRequest) -> HttpResponse:
    say = _tongue()
    subject = say("Un bac sans couvercle", "A bin without its lid")
    form = SampleForm(say, {"subject": subject, "address": "laurent@", "channel": "mail", "language": "fr"})
    picks = [(say("demain", "tomorrow"), "2026-11-23"), (say("mardi", "Tuesday"), "2026-11-24")]
    return _show(
        request,
        "index",
        "index",
        form=form,
        icon_names=sorted(icons.NAMES),
        timeline=samples.timeline(say),
        facts=samples.facts_of_shoes(say),
        rows=samples.rows(say),
        composer=samples.composer(say),
        ending=samples.ending(say),
        steps=samples.steps(say),
        date_picks=picks,
    )


@shown_here
def list_page(request: HttpRequest) -> HttpResponse:
    say = _tongue()
    shown = samples.case_list(say, arrived=_arrived[0])
    if "empty" in request.GET:
        shown |= {
            "rows": [],
            "older_url": "",
            "empty": {
                "icon": "cup",
                "title": say("Rien n’attend", "Nothing is waiting"),
                "words": say(
                    "Tout ce qui vous est confié a une réponse. Bien joué.",
                    "Everything in your care has its answer. Well done.",
                ),
            },
        }
    return _show(request, "list", "list", list=shown, ending=samples.ending(say))


@shown_here
def case_page(request: HttpRequest) -> HttpResponse:
    say = _tongue()
    return _show(
        request,
        "case",
        "list",
        list=samples.case_list(say, current="laurent", arrived=_arrived[0]),
        timeline=samples.timeline(say),
        facts=samples.facts_of_shoes(say),
        composer=samples.composer(say),
        ending=samples.ending(say),
        others=samples.rows(say)[4:6],
        viewers=[{"name": "Bruno", "writing": False}],
    )


@shown_here
def public_page(request: HttpRequest) -> HttpResponse:
    say = _tongue()
    other = {"url": "?lang=" + say("en", "fr"), "label": say("English", "Français"), "code": say("en", "fr")}
    foot = [{"label": say("Vos données", "Your data"), "url": "#"}]
    return _show(
        request, "public", "", steps=samples.steps(say), talk=samples.talk(say), other_language=other, foot=foot
    )


@shown_here
def error_page(request: HttpRequest, code: int) -> HttpResponse:
    return render(request, f"tenir/errors/{code}.html")


@shown_here
def rows(request: HttpRequest) -> HttpResponse:
    return render(request, "tenir/styleguide/rows.html", {"rows": samples.rows(_tongue(), arrived=_arrived[0])})


@csrf_exempt
@shown_here
@require_POST
def arrive(request: HttpRequest) -> HttpResponse:
    """Another invented letter comes; `?none` takes them all away."""
    _arrived[0] = 0 if "none" in request.GET else _arrived[0] + 1
    return HttpResponse(status=204)


@shown_here
def palette(request: HttpRequest) -> HttpResponse:
    groups = samples.palette_groups(_tongue(), request.GET.get("q", ""))
    return render(request, "tenir/components/palette_results.html", {"groups": groups})


@shown_here
def mentions(request: HttpRequest) -> HttpResponse:
    people = samples.colleagues(_tongue(), request.GET.get("q", ""))
    return render(request, "tenir/components/mention_options.html", {"people": people})


@shown_here
@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"saved_at": clock.now().isoformat()})


@shown_here
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    file = request.FILES["file"]
    if isinstance(file, list):
        raise Http404
    if (file.size or 0) > LARGEST:
        return HttpResponse(status=413)
    size = f"{(file.size or 0) // 1000 + 1} k"
    taken_off = reverse("styleguide:removal")
    shown = {"name": file.name, "size": size, "value": f"kept-{next(_kept)}", "remove_url": taken_off}
    return render(request, "tenir/components/attachment.html", {"file": shown})


@shown_here
@require_POST
def removal(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


@shown_here
@require_POST
def composer(request: HttpRequest) -> HttpResponse:
    """A word of refusal keeps the text, as the real desk does when something new arrived."""
    say = _tongue()
    text = request.POST.get("text", "")
    if "refuse" not in text:
        return render(request, "tenir/components/composer.html", {"composer": samples.composer(say)})
    notice = say(
        "Du nouveau est arrivé pendant que vous écriviez. Votre texte est gardé : lisez, puis envoyez.",
        "Something new arrived while you were writing. Your text is kept: read what is new, then send.",
    )
    again = samples.composer(say, notice=notice)
    again["reply"]["text"] = text
    return render(request, "tenir/components/composer.html", {"composer": again}, status=409)


@shown_here
def phone(request: HttpRequest) -> HttpResponse:
    say = _tongue()
    try:
        number = phonenumbers.parse(request.GET.get("number", ""), "FR")
    except phonenumbers.NumberParseException:
        return JsonResponse({"whole": False, "word": say("Ce numéro ne se lit pas.", "This number cannot be read.")})
    if not phonenumbers.is_valid_number(number):
        word = say("Ce numéro n’existe pas tel quel : relisez-le.", "No such number exists: read it again.")
        return JsonResponse({"whole": False, "word": word})
    known = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == "+33612345678"
    same = [{"name": "Mme Laurent", "url": "#"}] if known else []
    return JsonResponse({"whole": True, "word": "", "same": same})


@shown_here
def mail(request: HttpRequest) -> HttpResponse:
    """A letter in its frame; pictures from elsewhere only when they are asked for."""
    pictures = "https:" if "images" in request.GET else "'none'"
    response = render(request, "tenir/styleguide/mail.html")
    response.headers["Content-Security-Policy"] = (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
        f"style-src 'unsafe-inline'; img-src {pictures}"
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@shown_here
def viewing(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"others": [{"name": "Bruno", "writing": "writing" in request.POST}]})
