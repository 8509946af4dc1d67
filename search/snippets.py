"""Titles with marks and the best passage of a text, made in Python for the hits shown.

A passage holds as much as possible of what was asked, rare words before common ones. Of long texts only the likeliest
places are looked at closely, since splitting a whole report into words takes a fifth of a second.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.analysis import Token, fold, tokens

LENGTH = 200  # characters of a passage
LEAD = 40  # characters shown before its first asked word
WHOLE = 8_000  # characters of a text that is read closely as a whole
PIECE = 4_000  # characters of the pieces of a longer one
LIKELY = 3  # pieces of it that are read closely
PAGE_END = "\f"

# Letters that differ from their plain form by an accent or the like, one for one: quicker than folding a whole text.
_PLAIN = {
    code: folded
    for code in (*range(0xAA, 0x250), *range(0x370, 0x530), *range(0x621, 0x6D4), *range(0x1E00, 0x2000))
    if len(folded := fold(chr(code))) == 1 and folded != chr(code)
}


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
    pieces = list(_pieces(text))
    if len(text) > WHOLE:
        pieces = _likeliest(pieces, words)
    split = [(piece, tokens(piece.text, language)) for piece in pieces]
    counts = Counter(token.stem for _, found in split for token in found if _asked(token, words))
    total = sum(len(found) for _, found in split)
    rarity = {stem: math.log(1 + total / count) for stem, count in counts.items()}
    best: tuple[float, Passage | None] = (0.0, None)
    for piece, found in split:
        asked = [token for token in found if _asked(token, words)]
        value, start = _best_start(asked, rarity)
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


def _pieces(text: str) -> Iterator[_Piece]:
    """Yield the pages, and of long ones parts that end with a word."""
    longest = PIECE if len(text) > WHOLE else WHOLE
    for page in re.finditer(f"[^{PAGE_END}]+", text):
        start = page.start()
        while start < page.end():
            end = start + longest
            if end < page.end():
                end = max(text.rfind(" ", start, end), text.rfind("\n", start, end)) + 1 or end
            yield _Piece(start, text[start : min(end, page.end())])
            start = end


def _likeliest(pieces: list[_Piece], words: Collection[str]) -> list[_Piece]:
    """Return the pieces that seem to hold most of the asked words, by their beginnings; the first ones if none does."""
    beginnings = {word[: max(3, len(word) - 1)] for word in words}
    plain = [piece.text.lower().translate(_PLAIN) for piece in pieces]
    holders = {b: [i for i, text in enumerate(plain) if b in text] for b in beginnings}
    values: dict[int, float] = defaultdict(float)
    for found in holders.values():
        for i in found:
            values[i] += math.log(1 + len(pieces) / len(found))
    chosen = sorted(sorted(values, key=lambda i: (-values[i], i))[:LIKELY])
    return [pieces[i] for i in chosen] or pieces[:LIKELY]


def _asked(token: Token, words: Collection[str]) -> bool:
    return not token.stop and (token.stem in words or token.key in words)


def _best_start(asked: list[Token], rarity: dict[str, float]) -> tuple[float, int]:
    """Return the value of the best passage and where its first asked word begins: a window slides over the words."""
    best, start, last = 0.0, 0, 0
    within = Counter[str]()
    for token in asked:
        while last < len(asked) and asked[last].end <= token.start + LENGTH - LEAD:
            within[asked[last].stem] += 1
            last += 1
        value = sum(rarity[stem] for stem, count in within.items() if count > 0)
        if value > best:
            best, start = value, token.start
        within[token.stem] -= 1
    return best, start


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
