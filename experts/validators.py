"""Partial dates, languages and keys as people write them, and what to say where they are wrong."""

import datetime
import re
from functools import cache

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
LANGUAGE = re.compile(r"([a-z]{2,3})(?:-([A-Z][a-z]{3}))?(?:-([A-Z]{2}|[0-9]{3}))?")


def validate_partial_date(text: str) -> None:
    """Accept a year, month or day (EDTF level 0). https://www.loc.gov/standards/datetime/"""
    match = DATE.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        datetime.date(*(int(part or 1) for part in match.groups()))
    except ValueError:
        raise ValidationError(
            _("“%(text)s” is not a date. Write the year, month or day: 2019, 2019-11 or 2019-11-25."),
            code="date",
            params={"text": text},
        ) from None


def validate_period(start: str, end: str) -> None:
    """Refuse an end before the start, as far as both are known: 2019-11 may end in 2019. An open end is no end."""
    known = min(len(start), len(end))
    if known and end[:known] < start[:known]:
        raise ValidationError({"end": _("The end lies before the start: correct one of them.")}, code="period")


@cache
def _known_languages() -> frozenset[str]:
    return frozenset(tag for tag in Locale("en").languages if "_" not in tag)


def validate_language(tag: str) -> None:
    """Accept a BCP 47 tag of language, script and region whose language is known to Unicode CLDR."""
    match = LANGUAGE.fullmatch(tag)
    if match is None or match[1] not in _known_languages():
        raise ValidationError(
            _("“%(tag)s” is no language tag. Write it as in BCP 47: en, pt-BR, sr-Latn."),
            code="language",
            params={"tag": tag},
        )
