"""Texts folded one character to one, so that what an automaton finds in the folded text stands there in the text.

Each character becomes its folded self if that is one letter or digit, and else white space or a boundary. Where folding
changes lengths (ß, soft hyphens, combining marks) stands ``IRREGULAR``: there only the exact rules know.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any
from unicodedata import category

from ahocorasick_rs import AhoCorasick, BytesAhoCorasick

from core.analysis import spans
from core.folding import APOSTROPHES, fold

IRREGULAR, _BOUNDARY = "\x01", "."
_KOREAN_PARTS = range(0x1161, 0x1200)  # vowels and finals, which compose with what precedes


@lru_cache(maxsize=2**16)
def is_spaceless(char: str) -> bool:
    """Tell whether a character belongs to a script written without spaces between words."""
    return len(list(spans(char * 3, ""))) == 2


@lru_cache(maxsize=2**16)
def aligned(char: str) -> str:
    """Return the one character that stands for this one in an aligned text."""
    if char.isspace():
        return " "
    if char in APOSTROPHES:
        return _BOUNDARY
    folded = fold(char)
    if len(folded) != 1 or char == IRREGULAR or _depends(char, folded):
        return IRREGULAR
    return folded if folded.isalnum() else _BOUNDARY


def _depends(char: str, folded: str) -> bool:
    """Tell whether neighbours decide what a character is: marks, Korean vowels, what is invisible within words."""
    is_word = next(spans(char, ""), (0, 0, ""))[2] == folded
    is_part = not char.isalnum() and len(list(spans(f"a{char}a", ""))) == 1
    return is_word != folded.isalnum() or is_part or category(folded)[0] == "M" or ord(folded) in _KOREAN_PARTS


def _latin(char: str) -> bytes:
    """Return the byte of a character in texts of Latin script."""
    if is_spaceless(char):
        return IRREGULAR.encode()
    try:
        return aligned(char).encode("latin-1")
    except UnicodeEncodeError:
        return IRREGULAR.encode()


_LATIN = b"".join(_latin(chr(code)) for code in range(256))
_BEYOND: dict[str, bytes] = {}


def _beyond_latin(error: UnicodeError) -> tuple[bytes, int]:
    """Handle what has no byte in Latin-1, as `codecs.register_error` wants it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    run = error.object[error.start : error.end]
    for char in run:
        if char not in _BEYOND:
            _BEYOND[char] = _latin(char)
    return b"".join(map(_BEYOND.__getitem__, run)), error.end


codecs.register_error("gess.aligned", _beyond_latin)


class _Lazy(dict[int, str]):
    """A table for `str.translate` that grows with the characters met."""

    def __init__(self, function: Callable[[str], str]) -> None:
        self._function = function

    def __missing__(self, code: int) -> str:
        self[code] = self._function(chr(code))
        return self[code]


_WIDE = _Lazy(aligned)
_SORTS = _Lazy(lambda char: "s" if is_spaceless(char) else "w" if char.isalnum() else " ")
_SPACELESS = _Lazy(lambda char: " " if is_spaceless(char) else char)
_CHANGE = re.compile("sw|ws")


class Latin:
    """Aligned texts of one byte a character: fast, and all that is not Latin is irregular."""

    space, sign = b" ", IRREGULAR.encode()
    gap, irregular = re.compile(b" +"), re.compile(b"\x01+")
    automaton = staticmethod(BytesAhoCorasick)

    @staticmethod
    def align(text: str) -> bytes:
        return text.encode("latin-1", "gess.aligned").translate(_LATIN)

    @staticmethod
    def spaced(aligned: bytes) -> bytes:
        """Return an aligned text with a space for all between its words, and one on either side."""
        return b" %b " % aligned.replace(b".", b" ")


class Wide:
    """Aligned texts in any script."""

    space, sign = " ", IRREGULAR
    gap, irregular = re.compile(" +"), re.compile("\x01+")
    automaton = staticmethod(AhoCorasick)

    @staticmethod
    def align(text: str) -> str:
        return text.translate(_WIDE)

    @staticmethod
    def spaced(aligned: str) -> str:
        return f" {aligned.replace('.', ' ')} "


def changes_of_script(aligned: str) -> Iterator[tuple[int, int]]:
    """Yield where a script without spaces meets letters: there words end without a sign."""
    place, sorts = 0, aligned.translate(_SORTS)
    while found := _CHANGE.search(sorts, place):
        yield found.span()
        place = found.start() + 1


def letters_apart(aligned: str) -> str:
    """Put a space in the place of each character of a script without spaces."""
    return aligned.translate(_SPACELESS)


Script = type[Latin] | type[Wide]


def surroundings(script: Script, text: Any, start: int, end: int, longest: int) -> tuple[int, int] | None:
    """Widen a stretch of an aligned text to the white space around it; None if that is farther than `longest`."""
    left = text.rfind(script.space, max(0, start - longest), start)
    right = text.find(script.space, end, end + longest)
    if (left < 0 and start > longest) or (right < 0 and end + longest < len(text)):
        return None
    return left + 1, right if right >= 0 else len(text)
