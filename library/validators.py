"""Dates, languages and identifiers as people write them, and what to say where they are wrong."""

import datetime
import re
from functools import cache

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.analysis import identifiers
from library.choices import Scheme

DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
LANGUAGE = re.compile(r"([a-z]{2,3})(?:-([A-Z][a-z]{3}))?(?:-([A-Z]{2}|[0-9]{3}))?")


def earliest_day(text: str) -> datetime.date:
    """Return the first day that an EDTF date of level 0 can mean: ``2019``, ``2019-11`` or ``2019-11-25``.

    Raises ValueError for any other text. https://www.loc.gov/standards/datetime/
    """
    match = DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no year, month or day.")
    year, month, day = (int(part or 1) for part in match.groups())
    return datetime.date(year, month, day)


def validate_date(text: str) -> None:
    try:
        earliest_day(text)
    except ValueError:
        raise ValidationError(
            _("“%(text)s” is not a date. Write the year, month or day: 2019, 2019-11 or 2019-11-25."),
            code="date",
            params={"text": text},
        ) from None


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


def normalised(scheme: str, text: str) -> str:
    """Return the spelling of an identifier that `core.analysis.identifiers` finds in texts: ``isbn:9789221070917``.

    Raises ValidationError if `text` is not exactly one identifier of the scheme.
    """
    found = [identifier for identifier in identifiers(text) if identifier.startswith(f"{scheme}:")]
    if len(found) != 1:
        raise ValidationError(HINTS[scheme](), code="identifier", params={"text": text})
    return found[0]


HINTS = {
    Scheme.DOI: lambda: _("“%(text)s” is not a DOI. Write it without the resolver: 10.1111/issr.12212."),
    Scheme.ISBN: lambda: _("“%(text)s” is not an ISBN: a digit is missing or wrong. Copy its 10 or 13 digits again."),
    Scheme.ILO: lambda: _("“%(text)s” is no ILO instrument. Write C102 for a Convention, R202 for a Recommendation."),
}
