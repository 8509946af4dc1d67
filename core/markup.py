"""HTML as a sequence of texts and tags with their places in the source; no input is refused.

A scanner after the tokenisation rules of the HTML standard (https://html.spec.whatwg.org/multipage/parsing.html), for
work that must leave every byte it does not mean to change as it was. It builds no tree.
"""

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
# Elements whose content holds no tags: everything up to their end tag is one "raw" piece.
RAW = frozenset(["iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp"])

_SPACE = r"[ \t\n\r\f]"
_VALUE = r"(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\r\f>\"'][^ \t\n\r\f>]*+)"
_NAME = r"[^ \t\n\r\f/>][^ \t\n\r\f/>=]*+"
_ATTRIBUTE = re.compile(rf"({_NAME})(?:{_SPACE}*+={_SPACE}*+({_VALUE})?)?+")
_ATTRIBUTES = rf"(?:[ \t\n\r\f/]++|{_NAME}(?:{_SPACE}*+={_SPACE}*+(?:{_VALUE})?)?+)*+"
_OTHER = r"<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?][^>]*+(?:>|\Z)|</(?![A-Za-z])[^>]*+(?:>|\Z)"
_TAG_NAME = r"[A-Za-z][^ \t\n\r\f/>]*+"
_MARKUP = re.compile(
    rf"{_OTHER}|<(?P<slash>/?)(?P<name>{_TAG_NAME})(?P<attributes>{_ATTRIBUTES})(?:>|\Z)",
    re.DOTALL,
)
_RAW_ELEMENT = "|".join(
    rf"<(?i:{name})(?=[ \t\n\r\f/>]|\Z){_ATTRIBUTES}(?:>|\Z).*?(?=</(?i:{name})[ \t\n\r\f/>]|\Z)"
    for name in sorted(RAW)
)
# Most tags by far, tried first: without attributes, and not beginning as one of a raw element does.
_BARE = r"<(?:/[A-Za-z]|[a-hj-mo-ruvwyzA-HJ-MO-RUVWYZ])[A-Za-z0-9]*+>"
_SPLIT = re.compile(
    rf"({_BARE}|{_RAW_ELEMENT}|<[A-Za-z][A-Za-z0-9]*+>|{_OTHER}|</?{_TAG_NAME}{_ATTRIBUTES}(?:>|\Z))", re.DOTALL
)
_REFERENCE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[A-Za-z][A-Za-z0-9]*;?)")


class Piece(NamedTuple):
    """``html[start:end]``: a "text", a "start" or "end" tag, a "raw" content, or an "other" (comment, doctype)."""

    kind: str
    start: int
    end: int
    name: str = ""  # of a tag, in lower case
    attributes: str = ""  # of a start tag, as written


def pieces(source: str) -> Iterator[Piece]:
    """Yield the pieces of the source in order; joined, they are the source."""
    position = 0
    while position < len(source):
        match = _MARKUP.search(source, position)
        start = match.start() if match else len(source)
        if start > position:
            yield Piece("text", position, start)
        if not match:
            return
        position = match.end()
        if not match["name"]:
            yield Piece("other", start, position)
            continue
        name = match["name"].lower()
        yield Piece("end" if match["slash"] else "start", start, position, name, match["attributes"])
        if not match["slash"] and (end := _end_of_raw(source, name, position)) > position:
            yield Piece("raw", position, end, name)
            position = end


def split(source: str) -> list[str]:
    """Return texts and what stands between them in turn: a text first and last, joined they are the source.

    Faster than ``pieces``, which it agrees with. A start tag takes its raw content along.
    """
    return _SPLIT.split(source)


def tag(written: str) -> Piece:
    """Return the tag that begins what stands between two texts of ``split``."""
    return next(pieces(written))


def _end_of_raw(source: str, name: str, position: int) -> int:
    if name not in RAW:
        return position
    end_tag = re.compile(rf"</{name}(?=[ \t\n\r\f/>])", re.IGNORECASE).search(source, position)
    return end_tag.start() if end_tag else len(source)


def attributes(written: str) -> dict[str, str]:
    """Return a start tag's attributes with decoded values; of equal names the first counts."""
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(written):
        if value[:1] in ("'", '"'):
            value = value[1:].removesuffix(value[0])
        found.setdefault(name.lower(), html.unescape(value))
    return found


def decoded(text: str) -> str:
    """Decode the character references of a text, once."""
    return _REFERENCE.sub(lambda match: html.unescape(match.group()), text)


def decode(text: str) -> tuple[str, list[int | None] | None]:
    """Decode the character references of a text, once.

    Also return, for each offset in the decoded text and for its end, the offset in the given one: None inside a
    reference that stands for several characters, and no list at all where nothing changed.
    """
    if "&" not in text:
        return text, None
    decoded: list[str] = []
    edges: list[int | None] = [0]
    position = 0
    for match in _REFERENCE.finditer(text):
        character = html.unescape(match.group())
        if character == match.group():
            continue
        decoded += text[position : match.start()], character
        edges += range(position + 1, match.start() + 1)
        edges += [None] * (len(character) - 1)
        position = match.end()
        if character:
            edges.append(position)
        else:
            edges[-1] = position
    decoded.append(text[position:])
    edges += range(position + 1, len(text) + 1)
    return "".join(decoded), edges
