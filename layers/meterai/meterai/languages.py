"""The two languages of answers and pages, and which of them a request asks for.

Source of the negotiation: RFC 9110, 12.5.4 (`Accept-Language`).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

_WIB = timezone(timedelta(hours=7))  # western Indonesian time, which has no daylight saving time
_HOURS_AS_DAYS = 48
_MONTHS_ID = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
)
_MONTHS_EN = "January February March April May June July August September October November December"
_RANGE = re.compile(
    r"([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]*)?(?:\s*;\s*[qQ]=([01](?:\.[0-9]{0,3})?))?"
)


class Language(StrEnum):
    """The values are language tags (BCP 47)."""

    INDONESIAN = "id"
    ENGLISH = "en"


# Java and Android before version 5 send `in`, the tag that Indonesian had until 1989.
_TAGS = {"id": Language.INDONESIAN, "in": Language.INDONESIAN, "en": Language.ENGLISH}


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages. It may be a format string, then both name the same values."""

    id: str
    en: str

    def in_language(self, language: Language) -> str:
        return self.en if language is Language.ENGLISH else self.id


def negotiate(accept_language: str | None) -> Language:
    """The language with the highest q-value; of two with the same, the one that is named first.
    Indonesian where the header is missing, names neither language or cannot be read."""
    weights: dict[Language, tuple[float, int]] = {}
    others = (0.0, 0)
    for place, part in enumerate((accept_language or "").split(",")):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            continue
        weight = (float(match[2] or 1), -place)
        tag = match[1].lower()
        if tag == "*":
            others = weight
        elif tag in _TAGS:
            language = _TAGS[tag]
            weights[language] = max(weight, weights.get(language, weight))
    ranked = {language: weights.get(language, others) for language in Language}
    wants_english = ranked[Language.ENGLISH] > ranked[Language.INDONESIAN]
    is_acceptable = ranked[Language.ENGLISH][0] > 0
    return Language.ENGLISH if wants_english and is_acceptable else Language.INDONESIAN


def local_time(at: datetime, language: Language) -> str:
    """To the minute, in western Indonesian time: `24 November 2026, 09.01 WIB`."""
    local = at.astimezone(_WIB)
    months = Text(_MONTHS_ID, _MONTHS_EN).in_language(language).split()
    clock = local.strftime(Text("%H.%M", "%H:%M").in_language(language))
    return f"{local.day} {months[local.month - 1]} {local.year}, {clock} WIB"


def wib_moment(at: datetime, language: Language) -> str:
    """To the second: `24 November 2026, 09.01.05 WIB`."""
    seconds = at.strftime(Text(".%S", ":%S").in_language(language))
    return local_time(at, language).removesuffix(" WIB") + f"{seconds} WIB"


def short_date(day: date, language: Language) -> str:
    """With the first letters of the month: `24 Nov 2026`."""
    months = Text(_MONTHS_ID, _MONTHS_EN).in_language(language).split()
    return f"{day.day} {months[day.month - 1][:3]} {day.year}"


def span(of: timedelta, language: Language) -> str:
    """In whole hours, or from two days on in whole days: `24 jam`, `3 days`."""
    hours = round(of / timedelta(hours=1))
    if hours >= _HOURS_AS_DAYS:
        return Text("{} hari", "{} days").in_language(language).format(round(hours / 24))
    return Text("{} jam", "{} hours").in_language(language).format(hours)


def number(value: int, language: Language) -> str:
    """With thousands separated: `20.000.000` in Indonesian, `20,000,000` in English."""
    grouped = f"{value:,}"
    return grouped if language is Language.ENGLISH else grouped.replace(",", ".")
