"""The small components: what they write, and that nothing of a stranger's words becomes markup."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings

from tenir.ledger.events import registry
from tenir.people.models import Agent
from tenir.web.styleguide.samples import Tongue
from tenir.web.styleguide.views import SampleForm
from tenir.web.templatetags.icons import NAMES, drawing
from tenir.web.templatetags.look import initials, list_row

WEB = Path(__file__).parents[1]


def render(template: str, **context: object) -> str:
    return Template("{% load look %}" + template).render(Context(context))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Mme Laurent", "L"), ("M. Jean-Pierre Okafor", "JO"),
        ("Claire Petit", "CP"), ("Émile", "É"), ("", "?"), ("  ", "?"),
        ("h.laurent@exemple.test", "H"), ("Dr Who", "W"), ("« Loueur »", "L"),
        ("李 小龙", "李小"), ("M.", "?"), ("<b>", "B"),
    ],
)  # fmt: skip
def test_initials(name: str, shown: str) -> None:
    assert initials(name) == shown


def test_a_strangers_words_stay_words() -> None:
    hostile = '<img src=x onerror="alert(1)">'
    for template in (
        "{% chip words %}",
        "{% avatar words %}",
        "{% chip words 'kept' 'check' words %}",
        "{% kbd words %}",
    ):
        assert "<img" not in render(template, words=hostile)
    row = {
        "id": "row-1",
        "url": "/",
        "name": hostile,
        "subject": hostile,
        "words": hostile,
        "chips": [(hostile, "kept")],
    }
    assert "<img" not in list_row(row)
    message = {
        "id": "m1",
        "kind": "person",
        "author": hostile,
        "how": hostile,
        "text": hostile,
        "quoted": [(hostile, hostile)],
    }
    assert "<img" not in render_to_string("tenir/components/message.html", {"message": message})


@pytest.mark.parametrize("name", NAMES)
def test_each_icon_is_drawn_inside_its_square(name: str) -> None:
    drawn = str(drawing(name))
    assert 'aria-hidden="true"' in drawn
    absolute = [float(n) for move in re.findall(r"[ML](-?[\d.]+ -?[\d.]+)", drawn) for n in move.split()]
    assert all(0 <= n <= 20 for n in absolute)


def test_an_icon_that_stands_alone_says_what_it_is() -> None:
    assert 'role="img" aria-label="By e-mail"' in drawing("mail", "By e-mail")


def test_an_icon_that_does_not_exist_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        drawing("no-such-icon")


def test_a_person_reads_in_their_own_way() -> None:
    request = RequestFactory().get("/")
    request.user = Agent(theme="dark", text_size="larger", digits="spaced", font="readable")
    shown = render("<html {% personal %}>", request=request)
    assert shown == '<html data-theme="dark" data-text-size="larger" data-digits="spaced" data-font="readable">'


def test_a_stranger_reads_as_their_system_does() -> None:
    shown = render("{% personal %}", look={"theme": '"><script>', "text_size": None})
    assert shown == 'data-theme="auto" data-text-size="normal" data-digits="normal" data-font="system"'


def test_a_refused_field_keeps_what_was_typed_and_says_what_to_do() -> None:
    form = SampleForm(Tongue("en"), {"address": "laurent@", "subject": "A bin"})
    shown = render("{% field form.address %}", form=form)
    assert 'value="laurent@"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'aria-describedby="id_address-error"' in shown
    assert "What follows the @ is missing" in shown


def test_the_browser_is_told_every_name_of_the_ledger() -> None:
    names = render("{% live_names %}").split()
    assert names == sorted(registry)
    assert "message_received" in names


def test_the_style_guide_does_not_exist_on_a_real_desk() -> None:
    with override_settings(DEBUG=False):
        assert Client().get("/styleguide/").status_code == 404


@pytest.mark.parametrize("code", [403, 404, 413, 500, 503])
def test_an_error_page_needs_nothing_and_speaks_both_languages(code: int) -> None:
    with override_settings(DEBUG=True):
        page = render_to_string(f"tenir/errors/{code}.html")
    assert '<section lang="fr">' in page
    assert '<section lang="en">' in page
    assert len(re.findall(r"<h1>", page)) == 2


def test_nothing_is_inline() -> None:
    """The policy forbids inline styles and scripts, and handlers in attributes: a template that has one is broken."""
    inline = re.compile(r"\sstyle\s*=|\son[a-z]+\s*=|<style|<script(?![^>]*\ssrc=)|javascript:")
    for template in (WEB / "templates" / "tenir").rglob("*.html"):
        if template.name != "mail.html":
            assert not inline.search(template.read_text()), template


def test_each_component_tells_its_parameters() -> None:
    silent = ("dialog_head.html", "recipient.html", "field.html")
    for template in (WEB / "templates" / "tenir" / "components").glob("*.html"):
        assert template.name in silent or "{% comment %}" in template.read_text(), template.name


def test_an_address_that_leads_nowhere_is_answered_calmly() -> None:
    answer = Client().get("/styleguide/no/such/page/")
    assert answer.status_code == 404
    assert "Il n’y a rien à cette adresse" in answer.content.decode()


def test_a_form_that_was_left_open_too_long_is_answered_calmly() -> None:
    with override_settings(DEBUG=True):
        answer = Client(enforce_csrf_checks=True).post("/styleguide/draft/")
    assert answer.status_code == 403
    assert "Ce que vous avez écrit est encore dans la page précédente" in answer.content.decode()
