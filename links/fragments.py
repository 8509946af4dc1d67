"""HTML as the text that a reader reads, with the place of each character in the source and what may be linked."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, compress, count
from operator import itemgetter
from typing import NamedTuple

from core.markup import VOID, attributes, decode, decoded, split
from core.markup import tag as read_tag

NEVER = frozenset([
    "a", "h1", "h2", "h3", "h4", "h5", "h6", "button", "label", "input", "textarea", "select", "option", "code",
    "pre", "kbd", "samp", "script", "style", "template", "svg", "math", "blockquote", "q", "cite", "dfn",
    "figcaption", "summary",
])  # fmt: skip
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_FOREIGN = ("svg", "math")
# Tags that may stand within a word or a name; any other ends the run of text.
_INLINE = frozenset([
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "time", "tt", "u", "var", "wbr",
])  # fmt: skip
BREAK = "\f"  # between runs of text: no name crosses it
_SPACES = "\t\n\r\f"
_MOST_REMEMBERED, _LONGEST_REMEMBERED = 2**12, 200  # tags, and characters of one


class Tag(NamedTuple):
    """What stands between two texts, as far as links care."""

    kind: str  # "start", "end" or "other"
    name: str  # all headings are one: browsers close each at the end tag of any
    separator: str
    opens: str  # a zone without links: its own name, or "" if it opens none
    closes: str  # its own name, or "" if it is no end tag
    is_closed: bool  # begins nothing, within svg and math
    starts_section: bool


_SEPARATOR, _OPENS = (itemgetter(Tag._fields.index(name)) for name in ("separator", "opens"))


def _read_tag(written: str) -> Tag:
    piece = read_tag(written)
    name = "heading" if piece.name in _HEADINGS else piece.name
    is_start = piece.kind == "start"
    opens = is_start and piece.name not in VOID and (piece.name in NEVER or _is_marked(piece.name, piece.attributes))
    separator = "" if not piece.name or piece.name in _INLINE else BREAK
    is_closed = piece.name in VOID or piece.attributes.endswith("/")
    closes = name if piece.kind == "end" else ""
    return Tag(piece.kind, name, separator, name * opens, closes, is_closed, is_start and piece.name == "h2")


_NOTHING = Tag("other", "", "", "", "", False, False)


class _KnownTags(dict[str, Tag]):
    """Tags as they were read; most are met again."""

    def __missing__(self, written: str) -> Tag:
        tag = _read_tag(written)
        if len(written) <= _LONGEST_REMEMBERED:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[written] = tag
        return tag


_known_tags = _KnownTags()


def _is_marked(name: str, written: str) -> bool:
    if name != "abbr" and "nolink" not in written.lower():
        return False
    found = attributes(written)
    return (
        "data-nolink" in found
        or "nolink" in found.get("class", "").lower().split()
        or (name == "abbr" and "title" in found)
    )


def _with_spaces(text: str) -> str:
    """Return the text with a space for each white space of HTML."""
    for space in _SPACES:
        text = text.replace(space, " ")
    return text


class Fragment:
    """``text`` holds all texts of the source, decoded, with a ``BREAK`` where a tag ends a run."""

    def __init__(self, source: str) -> None:
        source = _with_spaces(source)
        parts = split(source)
        widths = list(map(len, parts))
        self._bounds = [0, *accumulate(widths)]  # of each part, in the source
        self._tags = list(map(_known_tags.__getitem__, parts[1::2]))
        parts[1::2] = separators = list(map(_SEPARATOR, self._tags))
        widths[1::2] = map(len, separators)
        self._edges: dict[int, Sequence[int | None]] = {}
        self._encoded: dict[int, str] = dict(self._decode(source, parts, widths))
        self.text = "".join(parts)
        self._starts = [0, *accumulate(widths)][::2] + [len(self.text) + 1]
        openers = list(compress(count(), map(_OPENS, self._tags)))
        self._linkable = self._zones(openers)
        self._sections = [self._starts[place + 1] for place in openers if self._tags[place].starts_section]

    def _decode(self, source: str, parts: list[str], widths: list[int]) -> Iterator[tuple[int, str]]:
        """Decode the character references in texts. Yield the numbers of these texts, and them as they were written."""
        at = 0
        while (at := source.find("&", at)) >= 0:
            place = bisect_right(self._bounds, at) - 1
            if place % 2 == 0:
                yield place // 2, parts[place]
                parts[place] = _with_spaces(decoded(parts[place]))
                widths[place] = len(parts[place])
            at = self._bounds[place + 1]

    def _zones(self, openers: Sequence[int]) -> bytearray:
        """Return for each text whether it may be linked. What is never closed stays open: rather none than wrong."""
        tags, linkable = [*self._tags, _NOTHING], bytearray(b"\1") * (len(self._tags) + 1)
        at = 0
        for opener in openers:
            if opener < at:
                continue
            at = opener + 1
            if tags[at].closes == tags[opener].opens:  # by far most hold no tags
                linkable[at] = 0
            else:
                at = self._end_of_zone(opener)
                linkable[opener + 1 : at + 1] = bytes(at - opener)
        return linkable

    def _end_of_zone(self, opener: int) -> int:
        """Return the place of the tag that closes the last of the elements open since this one."""
        is_open, total = Counter[str](), 0
        for place in range(opener, len(self._tags)):
            total += _pass(self._tags[place], is_open)
            if not total:
                return place
        return len(self._tags)

    def next_section(self, offset: int) -> int:
        """Return where the section after the one of this place begins in the text, or the end of the text."""
        number = bisect_right(self._sections, offset)
        return self._sections[number] if number < len(self._sections) else len(self.text)

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where a stretch of the text stands in the source, if a link may go around it.

        It may not in a zone without links, nor within a character reference, nor where it would overlap an element.
        """
        first = bisect_right(self._starts, start) - 1
        if end > self._starts[first + 1]:
            return self._over_several(first, start, end)
        if not self._linkable[first]:
            return None
        if first in self._encoded:
            begin, stop = self._edge(first, start), self._edge(first, end)
            return None if begin is None or stop is None else (begin, stop)
        shift = self._bounds[2 * first] - self._starts[first]
        return start + shift, end + shift

    def _over_several(self, first: int, start: int, end: int) -> tuple[int, int] | None:
        last = bisect_right(self._starts, end - 1) - 1
        begin, stop = self._edge(first, start), self._edge(last, end)
        if begin is None or stop is None or not all(self._linkable[first : last + 1]):
            return None
        return self._around(first, last, begin, stop)

    def _edge(self, node: int, offset: int) -> int | None:
        within = offset - self._starts[node]
        edge = within if node not in self._encoded else self._edges_of(node)[within]
        return None if edge is None else self._bounds[2 * node] + edge

    def _edges_of(self, node: int) -> Sequence[int | None]:
        """Return where the characters of a text with references stand in it as written."""
        if node not in self._edges:
            encoded = self._encoded[node]
            self._edges[node] = decode(encoded)[1] or range(len(encoded) + 1)
        return self._edges[node]

    def _around(self, first: int, last: int, begin: int, stop: int) -> tuple[int, int] | None:
        """Widen a stretch over several texts to whole elements."""
        unopened, unclosed = _unbalanced(self._tags[first:last])
        while unopened and first and begin == self._bounds[2 * first] and self._opens(first - 1, unopened[0]):
            begin, first, unopened = self._bounds[2 * first - 1], first - 1, unopened[1:]
        while unclosed and stop == self._bounds[2 * last + 1] and self._closes(last, unclosed[-1]):
            last, unclosed = last + 1, unclosed[:-1]
            stop = self._bounds[2 * last]
        return None if unopened or unclosed else (begin, stop)

    def _opens(self, place: int, name: str) -> bool:
        one = self._tags[place]
        return one.kind == "start" and one.name == name and not one.opens

    def _closes(self, place: int, name: str) -> bool:
        return place < len(self._tags) and self._tags[place].closes == name


def _pass(one: Tag, is_open: Counter[str]) -> int:
    """Count a tag that is met while elements without links are open. Return how many more are open then."""
    change = 0
    if one.closes and is_open[one.closes]:
        change = -1
    elif one.kind == "start" and (one.opens or is_open[one.name]) and one.name not in VOID:
        in_foreign = one.name in _FOREIGN or any(is_open[foreign] for foreign in _FOREIGN)
        change = int(not (in_foreign and one.is_closed))
    is_open[one.name] += change
    return change


def _unbalanced(tags: Sequence[Tag]) -> tuple[list[str], list[str]]:
    """Return the elements that these tags close without opening, and those that they open without closing."""
    unopened: list[str] = []
    unclosed: list[str] = []
    for one in tags:
        if one.kind == "start" and one.name not in VOID:
            unclosed.append(one.name)
        elif one.kind == "end" and unclosed[-1:] == [one.name]:
            unclosed.pop()
        elif one.kind == "end" and not unclosed:
            unopened.append(one.name)
        elif one.kind == "end":
            return ["?"], []  # overlapping already
    return unopened, unclosed
