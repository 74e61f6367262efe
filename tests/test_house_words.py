"""The French: the catalogues of this house are whole, and the check sees what it must see."""

from pathlib import Path

import pytest

from tenir.install import words

HEADER = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\n"

"""


def test_every_sentence_of_tenir_has_good_french() -> None:
    assert words.check() == []


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house of one room: a module, a template and a French catalogue to write into."""
    room = tmp_path / "tenir" / "room"
    (room / "templates").mkdir(parents=True)
    (room / "locale" / "fr" / "LC_MESSAGES").mkdir(parents=True)
    return tmp_path / "tenir"


def write(house: Path, *, code: str = "", template: str = "", french: str = "") -> None:
    (house / "room" / "verbs.py").write_text(f"from django.utils.translation import gettext as _, ngettext\n{code}\n")
    (house / "room" / "templates" / "page.html").write_text(template)
    (house / "room" / "locale/fr/LC_MESSAGES/django.po").write_text(HEADER + french, "utf-8")


def entry(english: str, french: str) -> str:
    return f'msgid "{english}"\nmsgstr "{french}"\n\n'


def test_a_sentence_of_the_code_without_french_is_named_with_its_place(house: Path) -> None:
    write(house, code='_("Take" " this case")')
    assert words.check(house) == ["tenir/room/verbs.py:2: no French for “Take this case”"]


def test_sentences_of_templates_are_found_in_all_their_forms(house: Path) -> None:
    write(
        house,
        template=(
            '{% load i18n %}<p class="don\'t">{% translate "One" %}</p>\n'
            '   {% blocktranslate trimmed with name=a.b %}\n     Two\n     {{ name }}\n  {% endblocktranslate %}\n'
            '{% blocktranslate count n=list|length %}{{ n }} case{% plural %}{{ n }} cases{% endblocktranslate %}\n'
            '{% include "x.html" with title=_("Four") %} {{ _("Five") }}\n'
            '{% comment %}{% translate "no" %}{% endcomment %}'
        ),
    )  # fmt: skip
    found = {(sentence.english, sentence.plural) for sentence in words.sentences(house)}
    assert found == {
        ("One", None),
        ("Two %(name)s", None),
        ("%(n)s case", "%(n)s cases"),
        ("Four", None),
        ("Five", None),
    }


def test_whole_french_is_not_complained_about(house: Path) -> None:
    write(
        house,
        code='_("Where is %(what)s?")\nngettext("%(n)s day", "%(n)s days", 2)',
        french=entry("Where is %(what)s?", "Où est %(what)s\u202f?")
        + 'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "un jour"\nmsgstr[1] "%(n)s jours"\n',
    )
    assert words.check(house) == []


@pytest.mark.parametrize(
    ("english", "french", "fault"),
    [
        ("Really?", "Vraiment ?", "no non-breaking space before “?”"),
        ("Really?", "Vraiment?", "no non-breaking space before “?”"),
        ("Note: this", "Note : ceci", "no non-breaking space before “:”"),
        ("“Yes”", "« Oui\u00a0»", "no non-breaking space after “«”"),
        ("“Yes”", '\\"Oui\\"', "straight quotation marks"),
        ("%(a)s and %(b)s", "%(a)s", "other values"),
        ("<b>Now</b>", "Maintenant", "other tags"),
    ],
)
def test_faults_of_the_french_are_named(house: Path, english: str, french: str, fault: str) -> None:
    write(house, french=entry(english, french))
    (problem,) = words.check(house)
    assert fault in problem


@pytest.mark.parametrize(
    "good", ["à 12:30", "voir https://exemple.fr/?a=1", "Quoi\u202f?!", "(?)", "a&nbsp;; b", "«\u00a0Oui\u00a0»"]
)
def test_good_typography_is_left_alone(good: str) -> None:
    assert words.typography(good) is None


def test_fuzzy_french_does_not_count_and_two_different_ones_are_a_fault(house: Path) -> None:
    write(house, code='_("Yes")', french="#, fuzzy\n" + entry("Yes", "Oui"))
    assert words.check(house) == ["tenir/room/verbs.py:2: no French for “Yes”"]
    write(house, code='_("Yes")', french=entry("Yes", "Oui"))
    other = house / "other" / "locale/fr/LC_MESSAGES"
    other.mkdir(parents=True)
    (other / "django.po").write_text(HEADER + entry("Yes", "Si"), "utf-8")
    (problem,) = words.check(house)
    assert "has another French in" in problem


def test_a_sentence_that_is_not_written_out_is_a_fault(house: Path) -> None:
    write(house, code="_(name)")
    (problem,) = words.check(house)
    assert "written out" in problem


def test_compiling_writes_only_what_changed(house: Path) -> None:
    write(house, french=entry("Yes", "Oui"))
    assert words.compile_all(house) == 1
    assert words.compile_all(house) == 0
    write(house, french=entry("Yes", "Ouais"))
    assert words.compile_all(house) == 1
