"""The fields of the customer's forms. Nothing is cut or lost: a field that is to be corrected keeps what was typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenir.customers.addresses import is_address
from tenir.customers.models import Customer, Reach
from tenir.customers.phone import read_phone

LONGEST_TEXT = 20_000
LETTER = {"rows": 6, "maxlength": LONGEST_TEXT}


class _Form(forms.Form):
    """Words of our own instead of the browser's, which would stop the form before the server could keep anything."""

    use_required_attribute = False

    def problems(self) -> list[dict[str, str]]:
        """What is to be seen to, in the order of the page, each with the field that it is about."""
        return [
            {"id": self[name].id_for_label if name in self.fields else "", "words": str(error)}
            for name, errors in self.errors.items()
            for error in errors
        ]


def _read_number(text: str) -> str:
    """The number as it is stored, or "" for none. Raises `ValidationError` with what is missing in it."""
    if not text.strip():
        return ""
    reading = read_phone(text)
    if reading.e164 is None:
        raise forms.ValidationError(reading.sentence() or str(_("This is not a telephone number.")))
    return reading.e164


class ContactForm(_Form):
    """The public form. A name is not asked for; an address or a number is, or nobody could answer."""

    text = forms.CharField(
        label=_("What happened?"),
        help_text=_("In your own words, as you would tell it. There is no category to choose."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs=LETTER),
        error_messages={
            "required": _("Tell us in a few words what happened."),
            "max_length": _("This is longer than we can take at once. Attach the rest as a file."),
        },
    )
    since = forms.CharField(
        label=_("Since when?"),
        help_text=_("A date, “three weeks”, “since I moved”…"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    remedy = forms.CharField(
        label=_("What would you like?"),
        help_text=_("A repair, an explanation, a refund, an apology, or only to be heard."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 2000}),
    )
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("As you would like to be called. A pen name will do."),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.CharField(
        label=_("Your e-mail address"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    phone = forms.CharField(max_length=60, required=False)

    def clean_email(self) -> str:
        """An address that a letter can reach."""
        typed = str(self.cleaned_data["email"]).strip()
        if typed and not is_address(typed):
            raise forms.ValidationError(
                _("This address is incomplete: it needs a name, an @, then a place, as in laurent@example.org.")
            )
        return typed

    def clean_phone(self) -> str:
        """The number as it is stored."""
        return _read_number(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """One way to answer is needed."""
        given = super().clean() or {}
        if not {"email", "phone"} & set(self.errors) and not given.get("email") and not given.get("phone"):
            self.add_error("email", str(_("Give us an address or a telephone number, so that we can answer.")))
        return given


class WordsForm(_Form):
    """Words for the case: a reply, or what is still missing."""

    text = forms.CharField(
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={**LETTER, "rows": 5}),
        error_messages={"max_length": _("This is longer than we can take at once. Attach the rest as a file.")},
    )


class CallbackForm(_Form):
    """A call back: where, and when it suits."""

    phone = forms.CharField(max_length=60, error_messages={"required": _("On which number can we call you?")})
    when = forms.CharField(
        label=_("When does it suit you?"),
        help_text=_("“Tomorrow after 5 pm”, “any morning”… We cannot promise the minute."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_phone(self) -> str:
        """The number as it is stored."""
        number = _read_number(self.cleaned_data["phone"])
        if not number:
            raise forms.ValidationError(_("On which number can we call you?"))
        return number


NOTHING = ("", _("no preference"))


class DetailsForm(_Form):
    """What we know of somebody, for them to correct."""

    name = forms.CharField(
        label=_("Your name"), max_length=160, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("We write to you in"), choices=[("fr", "français"), ("en", "English")])
    prefers_channel = forms.ChoiceField(
        label=_("You would rather"),
        required=False,
        choices=[
            NOTHING,
            ("email", _("be written to by e-mail")),
            ("phone", _("be called")),
            ("letter", _("get letters on paper")),
        ],
    )
    prefers_hours = forms.CharField(
        label=_("Good times to call"),
        help_text=_("“After 5 pm”, “not on Wednesdays”…"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    prefers_pace = forms.ChoiceField(
        label=_("On the telephone"),
        required=False,
        choices=[NOTHING, ("slow", _("speak slowly, please")), ("writing", _("I would rather write"))],
    )

    prefers_news = forms.ChoiceField(
        label=_("Letters about what we promised you"),
        required=False,
        choices=[
            ("", _("all of them")),
            ("answers", _("only when we need your answer")),
            ("none", _("none: I look at my page")),
        ],
    )

    @classmethod
    def known(cls, customer: Customer, *, language: str) -> "DetailsForm":
        """The form as it stands now; somebody without a known language gets the one that they read."""
        names = ("name", "prefers_channel", "prefers_hours", "prefers_pace", "prefers_news")
        initial = {name: getattr(customer, name) for name in names}
        spoken = customer.language if customer.language in ("fr", "en") else language
        return cls(initial={**initial, "language": spoken})


def phones_of(customer: Customer) -> list[str]:
    """The numbers that somebody gave, as they are read."""
    numbers = customer.reaches.filter(kind=Reach.Kind.PHONE).order_by("pk")
    return [f"{reach.shown} x {reach.extension}" if reach.extension else reach.shown for reach in numbers]
