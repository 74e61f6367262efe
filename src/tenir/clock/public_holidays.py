"""Public holidays of a country, or of a part of it that has its own (Alsace-Moselle, La Réunion, Bavaria).

The days come from the `holidays` library, which is imported when the first holiday is asked for: it takes a tenth of a
second that a desk without holidays need not wait.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache


class NoSuchCountry(ValueError):
    """The library knows no holidays for this country, or for this part of it."""


@dataclass(frozen=True)
class PublicHolidays:
    """`country` in ISO 3166-1 (FR); `part` in ISO 3166-2 without the country (57 or 6AE: Alsace-Moselle; 974), or
    nothing. Raises `NoSuchCountry`."""

    country: str
    part: str = ""

    def __post_init__(self) -> None:
        _of_year(self.country, self.part, 2026)

    def name_of(self, day: date, *, language: str = "en") -> str:
        """The holiday's name in this language where it has one (else in the country's own); nothing on other days."""
        return _of_year(self.country, self.part, day.year, language).get(day, "")


@lru_cache(maxsize=512)
def _of_year(country: str, part: str, year: int, language: str = "en") -> dict[date, str]:
    import holidays

    if not (len(country) == 2 and country.isascii() and country.isupper()):
        raise NoSuchCountry(country)
    try:
        known = holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError as unknown:
        raise NoSuchCountry(f"{country} {part}".strip()) from unknown
    wanted = next((code for code in known.supported_languages if code.split("_")[0] == language), None)
    found = holidays.country_holidays(country, part or None, year, language=wanted or known.default_language)
    return {day: str(name) for day, name in found.items() if day.year == year}
