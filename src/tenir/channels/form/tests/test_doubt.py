"""What looks like a robot's form, and what does not."""

from datetime import UTC, datetime, timedelta

import pytest

from tenir.channels.form.doubt import WEIGHTS, Signs, is_doubtful, reasons

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
STORY = "Mon bac vert est arrivé hier, sans son couvercle."


def odd(*, seconds: float | None = 60, text: str = STORY, trap: str = "", **counts: int) -> list[str]:
    opened_at = None if seconds is None else NOW - timedelta(seconds=seconds)
    return reasons(Signs(text=text, trap=trap, opened_at=opened_at, **counts), at=NOW)


def test_an_ordinary_form_is_not_odd() -> None:
    assert odd() == []


@pytest.mark.parametrize(
    "form",
    [
        {"seconds": 0.4},  # everything filled in by the browser, the words pasted
        {"seconds": 1, "text": "Мой зелёный бак пришёл вчера без крышки, помогите пожалуйста."},
        {"text": "Voir https://a.example/1 https://a.example/2 https://a.example/3"},
        {"seconds": 1, "from_network": 150},  # an office behind one address
        {"from_sender": 6},
        {"same_words": 2},
        {"seconds": 6 * 24 * 3600},  # a page left open since last week
    ],
)
def test_what_an_honest_person_may_do_is_not_doubtful(form: dict[str, object]) -> None:
    assert not is_doubtful(odd(**form))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "form",
    [
        {"trap": "https://pills.example"},
        {"seconds": None},
        {"text": "Buy [url=https://pills.example]pills[/url]", "seconds": 1},
        {"text": "https://a.example https://b.example https://c.example", "seconds": 1},
        {"same_words": 40, "from_sender": 9},
    ],
)
def test_what_robots_do_is_looked_at_by_a_person(form: dict[str, object]) -> None:
    assert is_doubtful(odd(**form))  # type: ignore[arg-type]


def test_every_reason_has_its_weight() -> None:
    everything = odd(
        seconds=None,
        trap="x",
        text="<a href www. www. www. " + "ы" * 30,
        from_network=99,
        from_sender=99,
        same_words=99,
    )
    assert set(everything) | {"quick"} == set(WEIGHTS)
    assert max(WEIGHTS[name] for name in ("quick", "other_alphabet", "links", "many_from_network")) < 3
