"""Dates in sentences, each resolved in the desk's calendar and zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tenir.text import fold
from tenir.text.hearing import MondayToFriday, hear
from tenir.text.hearing.dates import When, moments
from tenir.text.hearing.moments import Desk

PARIS, LONDON = ZoneInfo("Europe/Paris"), ZoneInfo("Europe/London")
MONDAY = datetime(2026, 11, 23, 10, tzinfo=PARIS)


def when(words: str, language: str, at: datetime = MONDAY, closes: time = time(18)) -> When:
    found = moments(fold(words), language, Desk(at, PARIS, MondayToFriday(), closes=closes))
    assert len(found) == 1, found
    return found[0]


def due(words: str, language: str, at: datetime = MONDAY) -> str:
    moment = when(words, language, at).due
    return moment.strftime("%m-%d %H:%M") if moment else ""


FRENCH = {
    "sous 48 h": "11-25 10:00",
    "sous quarante-huit heures": "11-25 10:00",
    "sous 24/48h": "11-25 10:00",
    "dans les prochaines 24 heures": "11-24 10:00",
    "dans une demi-heure": "11-23 10:30",
    "d'ici une heure": "11-23 11:00",
    "d’ici 17h": "11-23 17:00",
    "avant 9 h": "11-24 09:00",
    "dans les deux jours ouvrés": "11-25 18:00",
    "sous 3 à 5 jours ouvrés": "11-30 18:00",
    "sous 5 jours ouvrables": "11-28 18:00",
    "sous 48 heures ouvrées": "11-25 18:00",
    "sous 4 heures ouvrées": "11-23 14:00",
    "dans trois jours": "11-26 18:00",
    "sous huit jours": "11-30 18:00",
    "sous 8 jours": "12-01 18:00",
    "sous quinzaine": "12-07 18:00",
    "dans deux semaines": "12-07 18:00",
    "d'ici un mois": "12-23 18:00",
    "demain": "11-24 18:00",
    "demain avant midi": "11-24 12:00",
    "demain en fin de matinée": "11-24 12:00",
    "après-demain matin": "11-25 12:00",
    "demain soir": "11-24 20:00",
    "dans la journée": "11-23 18:00",
    "en début d'après-midi": "11-23 15:00",
    "vendredi": "11-27 18:00",
    "lundi": "11-30 18:00",
    "vendredi prochain": "11-27 18:00",
    "lundi en huit": "12-07 18:00",
    "vendredi en quinze": "12-11 18:00",
    "mardi de la semaine prochaine": "12-01 18:00",
    "jeudi matin, entre 8 h et 10 h": "11-26 10:00",
    "entre 14 h et 16 h": "11-23 16:00",
    "entre mardi et jeudi": "11-26 18:00",
    "jeudi ou vendredi": "11-27 18:00",
    "d'ici la fin de la semaine": "11-27 18:00",
    "d'ici la fin de la semaine prochaine": "12-04 18:00",
    "en début de semaine prochaine": "12-01 18:00",
    "ce week-end": "11-29 18:00",
    "avant le week-end": "11-27 18:00",
    "avant vendredi": "11-26 18:00",
    "avant le 15": "12-14 18:00",
    "avant le 15 décembre inclus": "12-15 18:00",
    "le 3 décembre": "12-03 18:00",
    "le 3/12": "12-03 18:00",
    "le 1er décembre à 9h30": "12-01 09:30",
    "du 3 au 5 décembre": "12-05 18:00",
    "2026-12-03": "12-03 18:00",
    "le 5 janvier": "01-05 18:00",
    "avant la fin du mois": "11-30 18:00",
    "fin décembre": "12-31 18:00",
    "mi-décembre": "12-15 18:00",
    "la semaine du 30 novembre": "12-04 18:00",
    "avant Noël": "12-24 18:00",
    "le mois prochain": "12-31 18:00",
}
ENGLISH = {
    "within 48 hours": "11-25 10:00",
    "within the next forty-eight hours": "11-25 10:00",
    "in half an hour": "11-23 10:30",
    "within 3 business days": "11-26 18:00",
    "in 3-5 working days": "11-30 18:00",
    "in a couple of days": "11-25 18:00",
    "in a fortnight": "12-07 18:00",
    "in two weeks' time": "12-07 18:00",
    "tomorrow": "11-24 18:00",
    "by noon tomorrow": "11-24 12:00",
    "the day after tomorrow": "11-25 18:00",
    "tonight": "11-23 20:00",
    "by 5pm": "11-23 17:00",
    "by 9am": "11-24 09:00",
    "by close of business": "11-23 18:00",
    "by EOD tomorrow": "11-24 18:00",
    "on Friday": "11-27 18:00",
    "next Friday": "12-04 18:00",
    "this Friday": "11-27 18:00",
    "a week on Monday": "12-07 18:00",
    "Tuesday week": "12-01 18:00",
    "on Wednesday of next week": "12-02 18:00",
    "between 2 and 4 pm on Thursday": "11-26 16:00",
    "tomorrow between 8 and 12": "11-24 12:00",
    "by half past two": "11-23 14:30",
    "before Friday": "11-26 18:00",
    "on or before 4 December": "12-04 18:00",
    "by the end of next week": "12-04 18:00",
    "early next week": "12-01 18:00",
    "this weekend": "11-29 18:00",
    "the end of the month": "11-30 18:00",
    "in mid-December": "12-15 18:00",
    "on 3/12": "12-03 18:00",
    "on December 3rd": "12-03 18:00",
    "on the 3rd": "12-03 18:00",
    "Thursday, the 3rd of December, at 9.30am": "12-03 09:30",
    "the week commencing 30 November": "12-04 18:00",
    "before Christmas": "12-24 18:00",
}


@pytest.mark.parametrize(("words", "expected"), FRENCH.items())
def test_french(words: str, expected: str) -> None:
    assert due(words, "fr") == expected


@pytest.mark.parametrize(("words", "expected"), ENGLISH.items())
def test_english(words: str, expected: str) -> None:
    assert due(words, "en") == expected


def test_hours_are_counted_by_the_clock_and_days_by_the_calendar() -> None:
    assert when("sous 48 h", "fr").counted == "clock"
    assert when("sous deux jours ouvrés", "fr").counted == "working days"
    assert when("vendredi", "fr").counted == "calendar"


def test_48_hours_are_48_hours_over_a_change_of_clocks() -> None:
    for before in (datetime(2026, 3, 28, 10, tzinfo=PARIS), datetime(2026, 10, 24, 10, tzinfo=PARIS)):
        found = when("sous 48 h", "fr", before).due
        assert found is not None
        assert found.timestamp() - before.timestamp() == 48 * 3600
        assert found.hour == (11 if before.month == 3 else 9)
        tomorrow = when("demain à 10 h", "fr", before).due
        assert tomorrow is not None
        assert tomorrow.hour == 10


def test_an_hour_that_the_clocks_skip_is_moved_over_it() -> None:
    found = when("demain à 2 h 30", "fr", datetime(2026, 3, 28, 10, tzinfo=PARIS)).due
    assert found is not None
    assert (found.hour, found.minute) == (3, 30)


def test_the_zone_is_that_of_the_desk() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=ZoneInfo("UTC"))
    findings = hear("Je vous rappelle demain.", language="fr", at=late, zone=PARIS)
    assert findings[0].due == datetime(2026, 11, 25, 18, tzinfo=PARIS)
    findings = hear("I'll call you tomorrow.", language="en", at=late, zone=LONDON)
    assert findings[0].due == datetime(2026, 11, 24, 18, tzinfo=LONDON)


@pytest.mark.parametrize("words", ["le 20 novembre", "hier", "la semaine dernière", "ce matin", "le 3/10/2026"])
def test_what_is_past_is_never_due(words: str) -> None:
    assert when(words, "fr", MONDAY.replace(hour=14)).due is None


def test_today_ends_at_midnight_once_the_desk_is_closed() -> None:
    assert due("aujourd'hui", "fr", MONDAY.replace(hour=19)) == "11-23 23:59"


@pytest.mark.parametrize(
    ("words", "language"),
    [("rapidement", "fr"), ("dans les meilleurs délais", "fr"), ("d'ici quelques jours", "fr"), ("soon", "en"),
     ("asap", "en"), ("in a few days", "en")],
)  # fmt: skip
def test_soon_is_no_date(words: str, language: str) -> None:
    found = when(words, language)
    assert (found.due, found.role) == (None, "vague")


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("votre courrier du 27 novembre", "fr"),
        ("votre commande du 1er décembre", "fr"),
        ("your letter of 27 November", "en"),
    ],
)
def test_the_date_of_a_letter_is_not_a_deadline(words: str, language: str) -> None:
    assert when(words, language).role == "attribute"


def test_the_desks_own_calendar_and_hours_are_used() -> None:
    class FourDays:
        """Fridays are off, and so is the first of December."""

        def is_working(self, day: date, /) -> bool:
            return day.weekday() < 4 and day != date(2026, 12, 1)

        def add_working_days(self, start: date, count: int, /) -> date:
            day = start
            while count:
                day += timedelta(1)
                count -= self.is_working(day)
            return day

    def last(text: str) -> datetime | None:
        found = hear(text, language="fr", at=MONDAY, zone=PARIS, calendar=FourDays(), closes=time(17, 30))
        return found[0].due

    assert last("Vous serez livré sous 5 jours ouvrés.") == datetime(2026, 12, 2, 17, 30, tzinfo=PARIS)
    assert last("Vous serez livré avant la fin de la semaine.") == datetime(2026, 11, 26, 17, 30, tzinfo=PARIS)
