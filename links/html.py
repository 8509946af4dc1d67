"""Links to the things that a text names, inserted when it is shown; the stored text stays as it is.

Removing the links gives back the input byte for byte: an inserted anchor carries a checksum of its address and text, so
that anchors which people wrote are never taken for ours.
"""

import html as entities
import re
import zlib
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from core.markup import VOID, Piece, attributes, decode, pieces
from links.matching import Match

LINKS_PER_WINDOW, WINDOW = 6, 100  # at most 6 links in any 100 words

_NEVER = frozenset([
    "a", "h1", "h2", "h3", "h4", "h5", "h6", "button", "label", "input", "textarea", "select", "option", "code",
    "pre", "kbd", "samp", "script", "style", "template", "svg", "math", "blockquote", "q", "cite", "dfn",
    "figcaption", "summary",
])  # fmt: skip
_FOREIGN = ("svg", "math")
# Tags that may stand within a word or a name; any other ends the run of text.
_INLINE = frozenset([
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "time", "tt", "u", "var", "wbr",
])  # fmt: skip
_HTML_SPACE = dict.fromkeys(map(ord, "\t\n\r\f"), " ")
_OURS = re.compile(r'<a class="term" href="([^"<>]*)" data-auto="([0-9a-f]{8})">([^<]*)</a>')


class Finder(Protocol):
    def find(self, text: str) -> list[Match]: ...


def link_html(
    html: str, matcher: Finder, href: Callable[[str], str | None], skip: Collection[str] = frozenset()
) -> str:
    """Return the fragment with a link around each thing it names: the first time in each section (from an h2 on), at
    most 6 in 100 words, never in headings, links, controls, code, quotations or what is marked ``data-nolink``.

    ``href`` gives the address of a target, or None for no link; targets in ``skip`` get none (the page's own). Links
    inserted before are replaced. Every other byte stays, whatever the input.
    """
    html = unlink_html(html)
    chooser = _Chooser(href, skip)
    result, position = [], 0
    for run in _runs(html):
        if run.starts_section:
            chooser.seen.clear()
        for start, end, address in chooser.choose(run, matcher):
            result += html[position:start], _anchor(address, html[start:end])
            position = end
    result.append(html[position:])
    return "".join(result)


def unlink_html(html: str) -> str:
    """Remove the anchors that ``link_html`` inserted, and nothing else."""
    return _OURS.sub(lambda match: match[3] if match[2] == _checksum(match[1], match[3]) else match[0], html)


def _anchor(address: str, text: str) -> str:
    address = entities.escape(address)
    return f'<a class="term" href="{address}" data-auto="{_checksum(address, text)}">{text}</a>'


def _checksum(address: str, text: str) -> str:
    return f"{zlib.crc32(f'{address} {text}'.encode(errors='surrogatepass')):08x}"


@dataclass(slots=True)
class _Node:
    """One text node: where it begins in its run and in the source, and the source offsets of its decoded characters."""

    offset: int
    length: int
    source: int
    edges: list[int | None] | None
    linkable: bool

    def place(self, offset: int) -> int | None:
        edge = offset - self.offset if self.edges is None else self.edges[offset - self.offset]
        return None if edge is None else self.source + edge


@dataclass(slots=True)
class _Run:
    """Text that is read without a break: the text nodes between two block tags."""

    starts_section: bool = False
    nodes: list[_Node] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, source: str, piece: Piece, linkable: bool) -> None:
        text, edges = decode(source[piece.start : piece.end])
        self.nodes.append(_Node(self.length, len(text), piece.start, edges, linkable))
        self.parts.append(text.translate(_HTML_SPACE))
        self.length += len(text)

    def place(self, match: Match) -> tuple[int, int] | None:
        """Return where the match stands in the source, or None if it may not be linked there or runs across tags."""
        node = self.nodes[bisect_right(self.nodes, match.start, key=lambda node: node.offset) - 1]
        if not node.linkable or match.end > node.offset + node.length:
            return None
        start, end = node.place(match.start), node.place(match.end)
        return None if start is None or end is None else (start, end)


def _runs(source: str) -> Iterator[_Run]:
    zones = _Zones()
    run = _Run()
    for piece in pieces(source):
        if piece.kind == "text":
            run.add(source, piece, not zones)
            continue
        if piece.name and piece.name not in _INLINE:
            if run.nodes or run.starts_section:
                yield run
            run = _Run(starts_section=piece.name == "h2" and piece.kind == "start")
        zones.pass_tag(piece)
    yield run


class _Zones:
    """The open elements without links. One that is never closed stays open: rather no link than a wrong one."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return self._open.total() > 0

    def pass_tag(self, piece: Piece) -> None:
        # Browsers close a heading at the end tag of any other.
        name = "heading" if re.fullmatch("h[1-6]", piece.name) else piece.name
        if piece.kind == "end" and self._open[name]:
            self._open[name] -= 1
        elif piece.kind == "start" and self._opens(piece, name):
            self._open[name] += 1

    def _opens(self, piece: Piece, name: str) -> bool:
        if name in VOID:
            return False
        in_foreign = name in _FOREIGN or any(self._open[foreign] for foreign in _FOREIGN)
        if in_foreign and piece.attributes.endswith("/"):
            return False
        return bool(self._open[name]) or piece.name in _NEVER or _is_marked(piece)


def _is_marked(piece: Piece) -> bool:
    if piece.name != "abbr" and "nolink" not in piece.attributes.lower():
        return False
    found = attributes(piece.attributes)
    return (
        "data-nolink" in found
        or "nolink" in found.get("class", "").lower().split()
        or (piece.name == "abbr" and "title" in found)
    )


class _Chooser:
    """Decides which of the matches become links."""

    def __init__(self, href: Callable[[str], str | None], skip: Collection[str]) -> None:
        self.seen: set[str] = set()  # targets linked in this section
        self._href = href
        self._addresses: dict[str, str | None] = dict.fromkeys(skip)
        self._recent: deque[int] = deque(maxlen=LINKS_PER_WINDOW)
        self._words = 0

    def choose(self, run: _Run, matcher: Finder) -> Iterator[tuple[int, int, str]]:
        text, counted = "".join(run.parts), 0
        for match in matcher.find(text) if any(node.linkable for node in run.nodes) else ():
            self._words += len(text[counted : match.start].split())
            counted = match.start
            if match.target in self.seen or not self._has_room():
                continue
            place, address = run.place(match), self._address(match.target)
            if place and address:
                self.seen.add(match.target)
                self._recent.append(self._words)
                yield *place, address
        self._words += len(text[counted:].split())

    def _has_room(self) -> bool:
        return len(self._recent) < LINKS_PER_WINDOW or self._words - self._recent[0] >= WINDOW

    def _address(self, target: str) -> str | None:
        if target not in self._addresses:
            self._addresses[target] = self._href(target)
        return self._addresses[target]
