"""Identifiers in texts and questions, each in one spelling: DOI, ISBN, ILO instruments, document symbols."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote

from core.folding import normalize

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-") | dict.fromkeys(map(ord, "\u00ad\u200b\u2060"))

# The DOI handbook allows any graphic character; a registrant code has 4 to 9 digits, with parts behind dots.
_DOI = re.compile(
    r"(?P<resolver>\b(?:dx\.)?doi\.org/)?(?<![\d.])10\.[0-9]{4,9}(?:\.[0-9]+)*(?:/|%2[Ff])[^\s\"<>“”«»„\x00-\x1f]+"
)
_CLOSING = {")": "(", "]": "[", "}": "{"}

_ISBN = re.compile(
    r"(?<![\w.-])(?:97[89][- ]?[0-9]{10}|97[89][- ][0-9]{1,5}[- ][0-9]{1,7}[- ][0-9]{1,7}[- ][0-9]"
    r"|[0-9]{9}[0-9Xx]|[0-9]{1,5}[- ][0-9]{1,7}[- ][0-9]{1,7}[- ][0-9Xx])(?![\w-])"
)

_SHORT_INSTRUMENT = re.compile(r"(?<![\w./-])(?:([CR])(?:\. ?| )?|([cr]))0*([1-9][0-9]{0,2})(?![\w/]|[.,][0-9])")
_INSTRUMENT = re.compile(
    r"\b(?:(?P<c>conventions?|convenios?|convenç(?:ão|ões)|übereinkommen|конвенци\w+)"
    r"|(?P<r>recomm[ae]ndations?|recomendaci(?:ón|on|ones)|recomendaç(?:ão|ões)|empfehlung(?:en)?|рекомендаци\w+))"
    r"(?: (?:de la oit|de l'oit|of the ilo))?,? ?(?:\(?[12][0-9]{3}\)?,? ?)?"
    r"\(? ?(?:(?:nos?|n[uú]m(?:ero)?s?|num[eé]ros?|numbers?|nrs?|n)?\.? ?[o°]?s?\.? ?)?"
    r"(?P<numbers>[0-9]{1,3}(?![0-9])(?:(?:, ?| ?/ ?|,? (?:and|et|y|e|und|и|&) )[0-9]{1,3}(?![0-9]))*)",
    re.IGNORECASE,
)

_REVISION = r"(?:\((?:Rev|Add|Corr|REV|ADD|CORR|rev|add|corr)\.? ?[0-9]*\))?"
_LONGEST_SYMBOL = 60
_MAY_BE_SYMBOL = re.compile(rf"(?<![\w/.:@-])([A-Za-z][A-Za-z0-9./-]*+){_REVISION}(?![\w/])")
_SYMBOL = re.compile(
    r"[A-Z]{2,6}\.[0-9]{1,4}(?:/[A-Za-z0-9.-]+)?"  # GB.303/ESP/2
    r"|[A-Z][A-Z0-9.-]*+/[A-Z0-9./-]*[0-9][A-Z]{0,3}"  # A/RES/70/1
    r"|[a-z]{2,6}\.[0-9]{1,4}/[a-z0-9./-]+"  # typed in lower case
)


def identifiers(text: str) -> list[str]:
    """Return the identifiers that occur in the text, each once, in order.

    ``doi:10.1234/abc`` (lower case, decoded), ``isbn:9780306406157`` (13 digits, check digit valid), ``ilo:c102`` and
    ``ilo:r202`` (Conventions and Recommendations), ``symbol:gb.303/esp/2``. Never with spaces or double quotes.
    """
    text = normalize("NFKC", text).translate(_DASHES)
    found = [*_dois(text), *_isbns(text), *_instruments(text), *_symbols(text)]
    return list(dict.fromkeys(identifier for _, identifier in sorted(found, key=lambda pair: pair[0])))


def _dois(text: str) -> Iterator[tuple[int, str]]:
    for match in _DOI.finditer(text):
        raw = match.group().removeprefix(match["resolver"] or "")
        if match["resolver"]:
            raw = re.split(r"[?#]", raw, maxsplit=1)[0]
        doi = re.split(r"[\s\"\x00-\x1f\x7f\ufffd]", unquote(raw), maxsplit=1)[0]
        doi = _without_trailing_punctuation(doi)
        if not doi.endswith("/"):
            yield match.start(), f"doi:{doi.lower()}"


def _without_trailing_punctuation(doi: str) -> str:
    """Drop what belongs to the sentence: stops, quotes, and closing brackets that the DOI does not open."""
    left, end = Counter(doi), len(doi)
    while end:
        last = doi[end - 1]
        if last not in ".,;:!?'’*" and not (last in _CLOSING and left[last] > left[_CLOSING[last]]):
            break
        left[last] -= 1
        end -= 1
    return doi[:end]


def _isbns(text: str) -> Iterator[tuple[int, str]]:
    for match in _ISBN.finditer(text):
        digits = re.sub("[- ]", "", match.group()).upper()
        if len(digits) == 13 and _check_digit_13(digits[:12]) == digits[12]:
            yield match.start(), f"isbn:{digits}"
        elif len(digits) == 10 and _check_digit_10(digits[:9]) == digits[9]:
            stem = "978" + digits[:9]
            yield match.start(), f"isbn:{stem}{_check_digit_13(stem)}"


def _check_digit_13(digits: str) -> str:
    return str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10)


def _check_digit_10(digits: str) -> str:
    return "0123456789X"[-sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11]


def _instruments(text: str) -> Iterator[tuple[int, str]]:
    for match in _SHORT_INSTRUMENT.finditer(text):
        yield match.start(), f"ilo:{(match[1] or match[2]).lower()}{match[3]}"
    for match in _INSTRUMENT.finditer(text):
        kind = "c" if match["c"] else "r"
        for number in re.findall("[0-9]+", match["numbers"]):
            if int(number):
                yield match.start("numbers"), f"ilo:{kind}{int(number)}"


def _symbols(text: str) -> Iterator[tuple[int, str]]:
    for match in _MAY_BE_SYMBOL.finditer(text):
        symbol = match.group().rstrip("./-")
        if len(symbol) <= _LONGEST_SYMBOL and _SYMBOL.fullmatch(match[1].rstrip("./-")):
            yield match.start(), "symbol:" + symbol.lower().replace(" ", "")
