"""English words for moments: what stands where in a folded sentence, numbers in words as figures of the same width."""

from __future__ import annotations

import re
from collections.abc import Callable

from tenir.text.hearing.moments import Calendar, Clock, Length, Offset, Part, Period, Weekday, WeekOf
from tenir.text.hearing.pieces import HABIT, PAST, VAGUE, Meaning, Pattern, day_first, range_end

_UNITS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety"}
NUMBERS = {word: value for value, word in enumerate(_UNITS, 1) if value > 1}
NUMBERS |= {word: ten for ten, word in _TENS.items()}
NUMBERS |= {f"{word}-{_UNITS[n - 1]}": ten + n for ten, word in _TENS.items() for n in range(1, 10)}
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "fifteenth": 15, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
_SPELLED = "|".join(word.replace("-", "[- ]") for word in sorted(NUMBERS, key=len, reverse=True))
_NUMBER = re.compile(rf"\b(?:{_SPELLED})\b(?! {{1,9}}(?:of {{1,9}}(?:our|the|my)|thing))")


def figures(sentence: str) -> str:
    """The sentence with its spelled numbers as figures, padded to the width of the words."""
    return _NUMBER.sub(lambda m: str(NUMBERS[m[0].replace(" ", "-")]).ljust(len(m[0])), sentence)


_DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10,
           "nov": 11, "dec": 12}  # fmt: skip
_W = (
    r"(?P<w>monday|tuesday|wednesday|thursday|friday|saturday|sunday|(?:mon|tues?|weds?|thurs?|thur|fri|"
    r"sat(?= )|sun)\b\.?)"
)
_M = (
    r"(?P<m>january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)
_N = r"(?P<n>\d{1,3}|an?|one|a couple of|the|a few|several)(?: *(?:to|-|–|/|or|and) *(?P<n2>\d{1,3}))?"
_KIND = r"(?P<k>(?:full +|clear +|calendar +|working +|business +|office +|week(?=days?))*)"
_UNIT = r"(?P<u>minutes?|mins?|hours?|hrs?|h|days?|nights?|weeks?|wks?|months?|fortnights?|years?)\b(?:'s?)?"
_ORDINAL = r"(?P<d>\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh"
_ORDINAL += r"|twelfth|fifteenth|twentieth|thirtieth)"


def _count(first: str, last: str | None) -> float:
    if first == "a couple of":
        return 2
    return range_end(first, last)


def _duration(m: re.Match[str], _: str) -> Meaning:
    if m["n"] in ("a few", "several"):
        return VAGUE
    count, word, kind = _count(m["n"], m["n2"]), m["u"], m["k"] or ""
    working = "working" if re.search("working|business|office|week", kind) else ""
    if word.startswith("fortnight"):
        return Length(count * 14, "day")
    unit = {"m": "minute", "h": "hour", "d": "day", "n": "day", "w": "week", "y": "year"}[word[0]]
    unit = "month" if word.startswith("mon") else unit
    if m["half"]:
        return Length(30, "minute") if unit == "hour" else Length(4, "hour", "working")
    return Length(count, unit, working)


def _explicit(m: re.Match[str], _: str) -> Meaning | None:
    digits = re.match(r"\d+", m["d"])
    day = int(digits[0]) if digits else _ORDINALS[m["d"]]
    year = int(m["y"]) if m["y"] else None
    return Calendar(day, _MONTHS[m["m"][:3]], year)


def _numeric(m: re.Match[str], _: str) -> Meaning | None:
    return day_first(m["d"], m["mo"], m["y"])


def _iso(m: re.Match[str], _: str) -> Meaning:
    return Calendar(int(m["d"]), int(m["mo"]), int(m["y"]))


def _month_day(m: re.Match[str], _: str) -> Meaning | None:
    day = int(re.sub(r"\D", "", m["d"])) if m["d"][0].isdigit() else _ORDINALS[m["d"]]
    return Calendar(day) if 1 <= day <= 31 else None


def _week_of(m: re.Match[str], _: str) -> Meaning:
    day = int(re.sub(r"\D", "", m["d"]))
    return WeekOf(Calendar(day, _MONTHS[m["m"][:3]] if m["m"] else None))


def _weekday(m: re.Match[str], _: str) -> Meaning:
    before, later = m["before"] or "", m["later"] or ""
    weeks = 2 if "fortnight" in before or "2" in before else 1 if "a week" in before or "week from" in before else 0
    if re.fullmatch(r" +week", later):
        weeks += 1
    day = _DAYS[m["w"][:3]]
    if "next" in later or "after next" in later:
        return Weekday(day, "next")
    if "next" in before:
        return Weekday(day, "next")
    return Weekday(day, "this" if "this" in before or "this" in later else "coming", weeks)


def _offset(m: re.Match[str], _: str) -> Meaning:
    before, word = m["before"] or "", m["o"]
    weeks = 14 if "fortnight" in before or "2" in before else 7 if before else 0
    if "after" in word:
        return Offset(2 + weeks)
    return Offset(weeks + (0 if "today" in word or "same" in word else 1))


def _tonight(_m: re.Match[str], _: str) -> Meaning:
    return Part("evening", today=True)


_PARTS = {"beg": "start", "sta": "start", "ear": "start", "mid": "mid", "fir": "start"}


def _period(m: re.Match[str], _: str) -> Meaning:
    unit = m["u"].replace("-", "").replace(" ", "")
    part = _PARTS.get((m["part"] or "")[:3], "end")
    ahead = {"next": 1, "following": 1, "after": 2}.get((m["which"] or "").split(" ")[0], 0)
    return Period(unit, 2 if m["after"] else ahead, part)


def _named_month(m: re.Match[str], _: str) -> Meaning:
    return Period("month", 0, _PARTS.get(m["part"][:3], "end"), _MONTHS[m["m"][:3]])


def _clock(m: re.Match[str], _: str) -> Meaning | None:
    hour, minute, half = int(m["h"]), int(m["min"] or 0), (m["ap"] or m["ap2"] or "").replace(".", "")
    if hour > 24 or minute > 59 or (half and not 1 <= hour <= 12):
        return None
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    elif not half and hour < 7:
        hour += 12
    return Clock(hour, minute)


def _past_hour(m: re.Match[str], _: str) -> Meaning | None:
    hour = int(m["h"])
    minutes = {"half past": 30, "quarter past": 15, "quarter to": -15}[m["which"]]
    half = (m["ap"] or "").replace(".", "")
    hour += 12 if half == "pm" or (not half and hour < 7) else 0
    total = hour * 60 + minutes
    return Clock(total // 60, total % 60) if 0 < total < 1440 else None


def _part(m: re.Match[str], _: str) -> Meaning:
    name = {"mor": "morning", "aft": "afternoon", "eve": "evening", "nig": "night", "mid": "noon", "noo": "noon",
            "lun": "lunch", "clo": "day", "end": "day", "eod": "day", "cob": "day"}[m["p"][:3]]  # fmt: skip
    if m["p"].startswith("midn"):
        name = "night"
    edge = (m["edge"] or "").strip()
    if edge.startswith("early") and name in ("afternoon", "morning"):
        name = f"early {name}"
    return Part(name, (m["this"] or "").startswith("this"))


def _always(meaning: Meaning) -> Callable[[re.Match[str], str], Meaning]:
    return lambda _m, _s: meaning


_AP = r"(?P<ap>a\.?m\b\.?|p\.?m\b\.?)"
_ABBREVIATED: dict[str, Meaning] = {"eod": Part("day"), "cob": Part("day"), "cop": Part("day"), "eow": Period("week"),
                "eom": Period("month")}  # fmt: skip

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        r"\b(?:\d+|an?|one|a few|a couple of|several|some) +(?:\w+ +)?(?:minutes?|hours?|days?|weeks?|months?|years?)"
        r" +(?:ago|earlier|back)\b",
        _always(PAST),
    ),
    Pattern(
        r"\byesterday\b(?: (?:morning|afternoon|evening))?|\bearlier (?:today|this (?:morning|week|month|afternoon))\b",
        _always(PAST),
    ),
    Pattern(rf"\blast +(?:{_W}|week|month|year|night|quarter)\b", _always(PAST)),
    Pattern(
        r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: +(?:to|through|-) +|-)(?:mon|tues|wednes|thurs|fri|satur|sun)"
        r"day\b|\bmon ?- ?(?:fri|sat|sun)\b|\b(?:every|each) +(?:\w+ +)?(?:day|week|month|year|morning|weekday|monday|"
        r"tuesday|wednesday|thursday|friday|saturday|sunday|quarter)\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days\b"
        r"|\b24/7\b|\b7 days a week\b|\b24 hours a day\b|\b(?:weekdays|daily|weekly|monthly)\b",
        _always(HABIT),
    ),
    Pattern(
        rf"\b(?:within|in(?! the last)|inside|under|over|by)(?: under| less than| no more than| about| around| roughly|"
        rf" approximately| as little as| just| another| a maximum of| at most| up to)*(?: +the)?(?: +(?:next|coming|"
        rf"following|first|space +of))?(?P<half> +half)? *{_N} +(?:next +)?{_KIND}{_UNIT}(?: +time\b)?",
        _duration,
    ),
    Pattern(
        r"\b(?:within|in|over) +(?P<half>half) +(?P<n>an|a) +(?P<n2>(?!))?(?P<k>(?!))?(?P<u>hour|day)\b", _duration
    ),
    Pattern(
        rf"(?<!for )(?<!past )\b(?P<half>(?!))?{_N} +{_KIND}{_UNIT} +(?:from +(?:now|today)|at +(?:the "
        rf"+)?(?:most|latest)|"
        rf"max(?:imum)?\b|tops\b|time\b)",
        _duration,
    ),
    Pattern(
        rf"\b(?:takes?|allow(?: up to)?|taking|up to) +(?:up to +|about +|around +)?(?P<half>(?!))?{_N} "
        rf"+{_KIND}{_UNIT}",
        _always(HABIT),
    ),
    Pattern(r"\b(?:in|within|over) the next day or 2\b", _always(Length(2, "day"))),
    Pattern(r"\b(?P<y>20\d\d)-(?P<mo>\d\d)-(?P<d>\d\d)\b", _iso),
    Pattern(
        r"(?<![\d/.,£$€+-])(?P<d>\d{1,2})(?P<sep>[/.])(?P<mo>\d{1,2})(?:(?P=sep)(?P<y>(?:20)?\d\d))?"
        r"(?![\d/]|[.,]\d| *(?:%|am\b|pm\b|a\.m|p\.m|gb|kg|km|euros?|pounds|days?|hours?|stars?))",
        _numeric,
    ),
    Pattern(
        rf"\bweek +(?:of|commencing|beginning|starting|ending) +(?:the +)?(?:monday,? +|friday,? "
        rf"+)?(?P<d>\d{{1,2}}(?:st|nd|"
        rf"rd|th)?)(?: +(?:of +)?{_M})?",
        _week_of,
    ),
    Pattern(
        rf"(?:\b{_W},? +)?(?:\bthe +)?\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? +(?:of +)?{_M}(?:,? +(?P<y>20\d\d)\b)?",
        _explicit,
    ),
    Pattern(
        rf"(?:\b(?:from|between) +)?(?:\bthe +)?\b\d{{1,2}}(?:st|nd|rd|th)? *(?:to|and|or|-|–) *(?:the +)?"
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)? +(?:of +)?{_M}(?:,? +(?P<y>20\d\d)\b)?",
        _explicit,
    ),
    Pattern(rf"(?:\b{_W},? +)?(?:\bthe +){_ORDINAL} +of +{_M}(?:,? +(?P<y>20\d\d)\b)?", _explicit),
    Pattern(
        rf"(?:\b{_W},? +)?\b{_M} +(?:the +)?(?P<d>\d{{1,2}}|first|second|third|fourth|fifth|tenth)(?:st|nd|rd|th)?\b"
        rf"(?![:.]\d| *(?:am|pm|%))(?:,? +(?P<y>20\d\d)\b)?",
        _explicit,
    ),
    Pattern(
        rf"(?:\b{_W},? +(?:the +)?|\bthe +)(?P<d>\d{{1,2}}(?:st|nd|rd|th))\b(?! +(?:of +(?!the month|this month)|"
        rf"floor|time|part|one|batch|"
        rf"item|step|class|available|thing|day|week|half|person|delivery|year|generation|payment|instal|attempt|order))"
        rf"(?: of (?:the|this) month)?",
        _month_day,
    ),
    Pattern(r"\bchristmas +eve\b", _always(Calendar(24, 12))),
    Pattern(r"\b(?:christmas|xmas)(?: +day)?\b", _always(Calendar(25, 12))),
    Pattern(r"\bnew +year'?s +eve\b", _always(Calendar(31, 12))),
    Pattern(
        rf"\b(?P<before>(?:a week|1 +week|a fortnight|2 +weeks) +(?:on|from|this|next)(?: +this)? +|this "
        rf"coming +|this +|"
        rf"next week on +|next +|the coming +|the following +)?{_W}(?P<later> +week\b(?!end)| +(?:of +)?next +week\b|"
        rf" +(?:of +)?this +week\b| +next\b)?",
        _weekday,
    ),
    Pattern(
        r"\b(?P<before>(?:a week|a fortnight|2 +weeks) +(?:from +)?)?(?P<o>(?:the )?day after tomorrow|later "
        r"today|tomorrow|tomorow|"
        r"tommorow|tmrw|tmr|tmw|2moro|today|(?:the )?next day)\b(?P<later> week)?",
        _offset,
    ),
    Pattern(r"\b(?:tonight|this evening)\b", _tonight),
    Pattern(
        r"\b(?:(?P<part>beginning|start|early|middle|mid|end|close|later|latter part|first half)[ -]+(?:of "
        r"+)?(?:the +|in "
        r"the +|in +)?)?(?:the +)?(?P<which>next|following|this|this coming|coming) +(?P<u>week-?end|week|"
        r"month|quarter|"
        r"year)\b(?P<after>(?!))?(?! +on\b)",
        _period,
    ),
    Pattern(
        r"\b(?P<part>beginning|start|early|middle|mid|end) +(?:of +|in +)?the +(?P<which>(?!))?(?P<u>week|"
        r"month|quarter|"
        r"year)(?P<after> +after +next)?\b",
        _period,
    ),
    Pattern(r"\bthe +(?P<part>(?!))?(?P<which>(?!))?(?P<u>week-?end|week|month)(?P<after> +after +next)\b", _period),
    Pattern(
        r"\b(?:the|over +the|at +the|before +the) +(?P<part>(?!))?(?P<which>(?!))?(?P<u>week-?end)(?P<after>(?!))?\b",
        _period,
    ),
    Pattern(r"\b(?P<part>mid|late|later|end)[ -](?P<which>(?!))?(?P<u>week|month)\b(?P<after>(?!))?", _period),
    Pattern(
        rf"\b(?P<part>beginning of|start of|early in|early|middle of|mid|end of|late|in|by|before|during|sometime in|"
        rf"later in)[ -]+(?:the +month +of +)?(?!mar\b|sun\b){_M}(?! *\d)",
        _named_month,
    ),
    Pattern(r"\b(?:eod|cob|cop|eow|eom)\b", lambda m, _: _ABBREVIATED[m[0]]),
    Pattern(
        rf"(?<![\d/.,£$€])\b(?P<h>\d{{1,2}})(?:[:.](?P<min>\d{{2}}))? *(?:{_AP}|o'? ?clock(?: *(?P<ap2>am|pm))?)",
        _clock,
    ),
    Pattern(r"(?<![\d/.,:£$€])\b(?P<h>\d{1,2}):(?P<min>\d{2})\b(?P<ap>(?!))?(?P<ap2>(?!))?(?!:)", _clock),
    Pattern(
        r"\b(?:between|from|before|by|at|after|around|about|until|till) +(?P<h>1[0-2]|"
        r"[1-9])(?P<min>(?!))?\b(?P<ap2>(?!))?"
        r"(?! *(?:[:./%,]|\d|st\b|nd\b|th\b|rd\b|pm|p\.m|am\b|a\.m|o'|day|week|month|hour|working|business|minute|"
        r"year|percent|euro|pound|people|[a-z]*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)))"
        r"(?= *(?:and|to|-|–) *(?:\d{1,2}|noon|midday) *(?P<ap>am|pm|a\.m\.?|p\.m\.?)?| *$| *[.,;!]| (?:on|"
        r"tomorrow|today|tonight|in the)\b)",
        _clock,
    ),
    Pattern(
        r"\b(?:and|to|-|–) *(?P<h>1[0-2]|[1-9])(?P<min>(?!))?\b(?P<ap>(?!))?(?P<ap2>(?!))?(?= *(?:$|[.,;!)]|"
        r"(?:on|tomorrow|today|this|in|next)\b))",
        _clock,
    ),
    Pattern(rf"\b(?P<which>half past|quarter past|quarter to) +(?P<h>\d{{1,2}})(?: *{_AP})?", _past_hour),
    Pattern(r"\bfirst thing(?: in the morning)?\b", _always(Part("early morning"))),
    Pattern(
        r"\b(?P<this>this +|in the +|the +|over +)?(?P<edge>early +|mid[- ]*|late +|later +|end of (?:the +)?)?"
        r"(?P<p>morning|afternoon|evening|midday|midnight|noon|lunch ?time|lunch|night\b)",
        _part,
    ),
    Pattern(
        r"(?<!at the )(?P<this>(?!))?(?P<edge>(?!))?\b(?P<p>close of (?:business|play|day)|end of (?:business|"
        r"play|(?:the |"
        r"this |our |your )?(?:working |business )?day))(?! +(?:tomorrow's))\b",
        _part,
    ),
    Pattern(
        r"\b(?:asap|(?:the )?same day|as soon as (?:possible|we can(?! [a-z])|i can(?! [a-z])|is practical)|"
        r"(?:very )?(?<!as )(?:soon(?! as)|shortly)|in due course|right away|"
        r"straight ?away|immediately|at once|right now|without delay|promptly|quickly|in a (?:moment|minute|bit|while|"
        r"little while|few \w+|short while)|in the (?:coming|next few|following|near) (?:days|weeks|hours|"
        r"minutes|months|"
        r"future)|at (?:the|your|our) earliest(?: convenience| opportunity)?|over the (?:coming|next few) "
        r"(?:days|weeks)|"
        r"within a few \w+|within (?:the )?(?:next few|coming) \w+|one day|some ?day|at some point|in no time|later on|"
        r"in the meantime|before long)\b",
        _always(VAGUE),
    ),
)
