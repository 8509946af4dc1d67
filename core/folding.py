"""Spelling differences that readers do not see or do not type: case, accents, width, harakat, invisible characters."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

APOSTROPHES = "'\u2019\u02bc\uff07"
# Invisible inside a word: soft hyphen, joiners, bidi controls, word joiner, variation selectors, byte order mark.
JOINERS = "\u200c\u200d"
IGNORABLE = (
    "\u00ad\u034f\u061c\u180b\u180c\u180d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
    + "".join(map(chr, range(0xFE00, 0xFE10)))
    + "".join(map(chr, range(0xE0100, 0xE01F0)))
)
# Scripts whose spelling needs joiners: Arabic (Persian plurals), Devanagari to Sinhala.
_NEEDS_JOINER = "\u0600-\u06ff\u0750-\u077f\u0900-\u0dff"
_LOOSE_JOINER = re.compile(f"(?<![{_NEEDS_JOINER}])[{JOINERS}]|[{JOINERS}](?![{_NEEDS_JOINER}])")
_JOINER = re.compile(f"[{JOINERS}]")
_ALEF_WITH_HAMZA = re.compile("\u0627[\u0653-\u0655]+")

_DROPPED = [
    *map(ord, IGNORABLE),
    *range(0x0300, 0x0370),  # combining diacritical marks
    0x0640,  # tatweel
    *range(0x0610, 0x061B), *range(0x064B, 0x0653), *range(0x0656, 0x0660), 0x0670,  # harakat
    *range(0x06D6, 0x06DD), *range(0x06DF, 0x06E5), 0x06E7, 0x06E8, *range(0x06EA, 0x06EE),  # Koranic marks
]  # fmt: skip
_REPLACED = {
    **dict.fromkeys("\u2019\u2018\u02bc\uff07", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
    **dict.fromkeys("\u2010\u2011", "-"),
    "\u0671": "\u0627", "\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643",  # alef wasla; yeh; Persian kaf
    "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i",  # no decomposition in Unicode
}  # fmt: skip
_TABLE: dict[int, str | None] = {
    **{code: str(unicodedata.decimal(chr(code))) for code in range(0x80, 0x1FFFF) if chr(code).isdecimal()},
    **{ord(char): replacement for char, replacement in _REPLACED.items()},
    **dict.fromkeys(_DROPPED),
}


def character_set(chars: Iterable[str]) -> str:
    """Return the inside of a regular expression's set of the characters, as ranges."""
    ranges: list[list[int]] = []
    for code in sorted(set(map(ord, chars))):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


# Putting marks in order takes quadratic time, so no run may be longer than in Unicode's Stream-Safe Text Format.
_LONGEST_RUN = 30
_COMBINING = [char for char in map(chr, range(0x20000)) if unicodedata.combining(char)]
_NEAR, _FAR = (character_set(c for c in _COMBINING if (c > "\uffff") is far) for far in (False, True))
_LONG_RUN = re.compile(f"((?:[{_NEAR}]|(?=[\U00010000-\U0010ffff])[{_FAR}]){{{_LONGEST_RUN}}})[{_NEAR}{_FAR}]+")


def normalize(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """Normalise in linear time, whatever the text; of over 30 combining marks in a row the rest is dropped."""
    if len(text) > _LONGEST_RUN:
        text = _LONG_RUN.sub(r"\1", text)
    return unicodedata.normalize(form, text)


_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
    + "]"
)


def fold(text: str) -> str:
    """Return the text without differences of case, accents, width and Arabic vowel signs; idempotent, any language.

    Compatibility decomposition, combining marks U+0300-036F and invisible characters dropped, full case folding,
    digits of all scripts as ASCII, alef and yeh unified, typographic apostrophes, double quotes and hyphens as ASCII;
    what remains is composed again (NFC), so that Hangul and kana stay whole.
    """
    if text.isascii():
        return text.lower()
    text = normalize("NFKD", text).translate(_TABLE).casefold()
    # Case folding may give characters that decompose again (U+0390 and others).
    text = normalize("NFKD", text).translate(_TABLE)
    text = drop_loose_joiners(text)
    if "\u0627" in text:
        text = _ALEF_WITH_HAMZA.sub("\u0627", text)
    return normalize("NFC", text)


def drop_loose_joiners(text: str) -> str:
    """Drop U+200C and U+200D except between letters of scripts that are spelled with them."""
    if not _JOINER.search(text):
        return text
    while (shorter := _LOOSE_JOINER.sub("", text)) != text:
        text = shorter
    return text


def clean(text: str, limit: int | None = None) -> str:
    """Drop what no database, engine or XML file takes: control characters except tab, line and page ends, lone
    surrogates, noncharacters. With ``limit``, at most so many characters are kept.
    """
    text = _UNWANTED.sub("", text)
    return text if limit is None else text[:limit]
