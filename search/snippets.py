"""Titles with marks and the best passage of a text, made in Python for the hits shown.

A passage holds as much as possible of what was asked, rare words before common ones. Where the words begin is found
by looking for their first letters, which costs next to nothing; only the likeliest places are then split into words,
since that takes a fifth of a second for a whole report.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.analysis import Token, fold, tokens

LENGTH = 200  # characters of a passage
LEAD = 40  # characters shown before its first asked word
AROUND = 2 * LEAD  # characters read closely before a likely passage and after it
LIKELY = 3  # places that are read closely
MOST = 2_000  # places on a page looked at where one word begins
LETTERS = 6  # characters of a word and the space after it, roughly
WHOLE = 8_000  # characters read closely from the beginning, where no word seems to occur
PAGE_END = "\f"

# Letters that differ from their plain form by an accent or the like, one for one: quicker than folding a whole text.
_PLAIN = {
    code: folded
    for code in (*range(0xAA, 0x250), *range(0x370, 0x530), *range(0x621, 0x6D4), *range(0x1E00, 0x2000))
    if len(folded := fold(chr(code))) == 1 and folded != chr(code)
}


Place = tuple[int, int, str]  # where an asked word begins and ends, and which it is


@dataclass(frozen=True)
class Passage:
    """Some 200 characters of a text as HTML with marks, and where in the text they begin."""

    html: SafeString
    start: int


@dataclass(frozen=True)
class _Piece:
    start: int
    text: str


def marked(text: str, language: str, words: Collection[str]) -> SafeString:
    """Return `text` as HTML with the asked words in <mark>."""
    return _marked(text, 0, len(text), [t for t in tokens(text, language) if _asked(t, words)])


def passage(text: str, language: str, words: Collection[str]) -> Passage | None:
    """Return the passage that says most of the asked words, never across pages; None if none of them occurs."""
    plain = text.replace("İ", "I").lower().translate(_PLAIN)  # each letter in its place
    rarity = {word: _rarity(_letters(word), plain) for word in words}
    likely = _likeliest(plain, words)
    best: tuple[float, Passage | None] = (0.0, None)
    for piece in (_around(text, place) for place in likely) if likely else _pages(text[:WHOLE]):
        found = tokens(piece.text, language)
        asked = [token for token in found if _asked(token, words)]
        value, start = _best_start([(t.start, t.end, t.stem if t.stem in words else t.key) for t in asked], rarity)
        if value > best[0]:
            best = value, _cut(text, piece, found, asked, max(0, start - LEAD))
    return best[1]


def beginning(text: str, language: str) -> SafeString:
    """Return the first 200 characters or so, in whole words."""
    head = _Piece(0, text[: 2 * LENGTH])
    return _cut(text, head, tokens(head.text, language), [], 0).html


def page_of(text: str, place: int) -> int | None:
    """Return the number of the page on which `place` lies, in a text that has pages."""
    return text.count(PAGE_END, 0, place) + 1 if PAGE_END in text else None


def _pages(text: str) -> Iterator[_Piece]:
    for page in re.finditer(f"[^{PAGE_END}]+", text):
        yield _Piece(page.start(), page.group())


def _letters(word: str) -> str:
    """Return what a word of a text begins with that may be this word in another form."""
    return word[: max(3, len(word) - 1)]


def _rarity(letters: str, plain: str) -> float:
    return math.log(1 + len(plain) / LETTERS / max(1, plain.count(letters)))


def _likeliest(plain: str, words: Collection[str]) -> list[int]:
    """Return up to three places apart from each other, from each of which a passage would seem to say most."""
    beginnings: list[str] = []
    for letters in sorted({_letters(word) for word in words}, key=len):
        if not letters.startswith(tuple(beginnings)):
            beginnings.append(letters)
    rarity = {letters: _rarity(letters, plain) for letters in beginnings}
    valued = []
    for page in _pages(plain):
        found = sorted((place, place, letters) for letters in beginnings for place in _places(page.text, letters))
        valued += [(-value, page.start + start) for value, start in _values(found, rarity)]
    chosen: list[int] = []
    for _, start in sorted(valued):
        if len(chosen) < LIKELY and all(abs(start - other) >= LENGTH for other in chosen):
            chosen.append(start)
    return sorted(chosen)


def _places(plain: str, letters: str) -> Iterator[int]:
    place = plain.find(letters)
    for _ in range(MOST):
        if place < 0:
            return
        yield place
        place = plain.find(letters, place + 1)


def _around(text: str, place: int) -> _Piece:
    """Return the text on both sides of a place, in whole words if there are spaces, and on the same page."""
    start, end = max(0, place - AROUND), min(len(text), place + LENGTH + AROUND)
    if start and (space := re.search(r"\s", text[start:place])):
        start += space.end()
    if end < len(text) and (space := re.search(r"\s\S*\Z", text[place:end])):
        end = place + space.start()
    start = max(start, text.rfind(PAGE_END, start, place) + 1)
    page_end = text.find(PAGE_END, place, end)
    return _Piece(start, text[start : page_end if page_end >= 0 else end])


def _asked(token: Token, words: Collection[str]) -> bool:
    return not token.stop and (token.stem in words or token.key in words)


def _best_start(found: Sequence[Place], rarity: Mapping[str, float]) -> tuple[float, int]:
    """Return the value of the best passage and where its first asked word begins."""
    return max(_values(found, rarity), key=lambda pair: pair[0], default=(0.0, 0))


def _values(found: Sequence[Place], rarity: Mapping[str, float]) -> Iterator[tuple[float, int]]:
    """Yield what the passage is worth that begins with each word found, and where it begins: a window slides along."""
    last = 0
    within = Counter[str]()
    for start, _, word in found:
        while last < len(found) and found[last][1] <= start + LENGTH - LEAD:
            within[found[last][2]] += 1
            last += 1
        yield sum(rarity[each] for each, count in within.items() if count > 0), start
        within[word] -= 1


def _cut(text: str, piece: _Piece, found: list[Token], asked: list[Token], start: int) -> Passage:
    first = next((t.start for t in found if t.start >= start), 0) if start > 0 else 0
    last = max((t.end for t in found if first <= t.start and t.end <= first + LENGTH), default=LENGTH)
    if last >= len(piece.text.rstrip()) - 1:
        last = len(piece.text.rstrip())
    html = _marked(piece.text, first, last, [t for t in asked if first <= t.start and t.end <= last])
    before, after = piece.start + first > 0, piece.start + last < len(text.rstrip())
    return Passage(mark_safe(("… " if before else "") + html + (" …" if after else "")), piece.start + first)


def _marked(text: str, first: int, last: int, asked: list[Token]) -> SafeString:
    parts, place = [], first
    for start, end in _joined(asked):
        parts += [escape(text[place:start]), f"<mark>{escape(text[start:end])}</mark>"]
        place = end
    return mark_safe("".join([*parts, escape(text[place:last])]))


def _joined(asked: list[Token]) -> list[tuple[int, int]]:
    """Return the places to mark; the pairs of characters of scripts without spaces overlap, and become one."""
    places: list[tuple[int, int]] = []
    for token in asked:
        if places and token.start < places[-1][1]:
            places[-1] = (places[-1][0], max(places[-1][1], token.end))
        else:
            places.append((token.start, token.end))
    return places
