"""Titles with marks and the best passage of a text, made in Python for the hits shown."""

from collections.abc import Collection

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.analysis import Token, tokens

LENGTH = 200  # characters of a passage
READ = 50_000  # characters of a text that are looked through


def marked(text: str, language: str, words: Collection[str]) -> SafeString:
    """Return `text` as HTML with the asked words in <mark>."""
    return _marked(text, 0, len(text), [t for t in tokens(text, language) if _asked(t, words)])


def passage(text: str, language: str, words: Collection[str]) -> SafeString | None:
    """Return the passage of about 200 characters that holds most of the asked words; None if none of them occurs."""
    text = text[:READ]
    found = tokens(text, language)
    asked = [token for token in found if _asked(token, words)]
    return _cut(text, found, asked, _best_start(asked)) if asked else None


def beginning(text: str, language: str) -> SafeString:
    """Return the first 200 characters or so, in whole words."""
    return _cut(text, tokens(text[:READ], language), [], 0)


def _cut(text: str, found: list[Token], asked: list[Token], start: int) -> SafeString:
    first = next((t.start for t in found if t.start >= start), 0) if start > 0 else 0
    last = max((t.end for t in found if first <= t.start and t.end <= first + LENGTH), default=len(text[:LENGTH]))
    if last >= len(text.rstrip()) - 1:
        last = len(text.rstrip())
    html = _marked(text, first, last, [t for t in asked if first <= t.start and t.end <= last])
    return mark_safe(("… " if first > 0 else "") + html + (" …" if last < len(text) else ""))


def _asked(token: Token, words: Collection[str]) -> bool:
    return not token.stop and (token.stem in words or token.key in words)


def _best_start(asked: list[Token]) -> int:
    """Return where the passage with most different words begins, a little before the first of them."""
    best, start = 0, 0
    for i, token in enumerate(asked):
        within = {t.stem for t in asked[i:] if t.end <= token.start + LENGTH}
        if len(within) > best:
            best, start = len(within), token.start
    return max(0, start - 40)


def _marked(text: str, first: int, last: int, asked: list[Token]) -> SafeString:
    parts, place = [], first
    for token in asked:
        parts += [escape(text[place : token.start]), f"<mark>{escape(text[token.start : token.end])}</mark>"]
        place = token.end
    return mark_safe("".join([*parts, escape(text[place:last])]))
