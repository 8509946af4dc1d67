"""HTML as the text that a reader reads, with the place of each character in the source and what may be linked."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, chain, compress, count
from operator import add, itemgetter
from typing import NamedTuple

from core.markup import VOID, attributes, decode, split
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
_AS_SPACE = dict.fromkeys(map(ord, _SPACES), " ")
_MOST_REMEMBERED, _LONGEST_REMEMBERED = 2**12, 200  # tags, and characters of one


class Tag(NamedTuple):
    """What stands between two texts, as far as links care."""

    kind: str  # "start", "end" or "other"
    name: str  # all headings are one: browsers close each at the end tag of any
    separator: str
    opens: bool  # a zone without links
    is_closed: bool  # begins nothing, within svg and math
    starts_section: bool


_SEPARATOR, _OPENS, _STARTS_SECTION = (
    itemgetter(Tag._fields.index(n)) for n in ("separator", "opens", "starts_section")
)


def _places(has: Callable[[Tag], bool], tags: Sequence[Tag]) -> Iterator[int]:
    return compress(count(), map(has, tags))


def _read_tag(written: str) -> Tag:
    piece = read_tag(written)
    name = "heading" if piece.name in _HEADINGS else piece.name
    is_start = piece.kind == "start"
    opens = is_start and piece.name not in VOID and (piece.name in NEVER or _is_marked(piece.name, piece.attributes))
    separator = "" if not piece.name or piece.name in _INLINE else BREAK
    is_closed = piece.name in VOID or piece.attributes.endswith("/")
    return Tag(piece.kind, name, separator, opens, is_closed, is_start and piece.name == "h2")


_known_tags: dict[str, Tag] = {}


def _read_tags(written: Sequence[str]) -> list[Tag]:
    """Read tags, most of which were met before."""
    tags: list[Tag] = list(map(_known_tags.get, written))  # type: ignore[arg-type]
    if None in tags:
        if len(_known_tags) > _MOST_REMEMBERED:
            _known_tags.clear()
        for place, one in enumerate(tags):
            if one is None:
                tags[place] = tag = _read_tag(written[place])
                if len(written[place]) <= _LONGEST_REMEMBERED:
                    _known_tags[written[place]] = tag
    return tags


def _is_marked(name: str, written: str) -> bool:
    if name != "abbr" and "nolink" not in written.lower():
        return False
    found = attributes(written)
    return (
        "data-nolink" in found
        or "nolink" in found.get("class", "").lower().split()
        or (name == "abbr" and "title" in found)
    )


class Fragment:
    """``text`` holds all texts of the source, decoded, with a ``BREAK`` where a tag ends a run."""

    def __init__(self, source: str) -> None:
        for space in _SPACES:
            source = source.replace(space, " ")
        parts = split(source)
        texts, written = parts[::2], parts[1::2]
        self._tags = _read_tags(written)
        self._edges: dict[int, Sequence[int | None]] = {}
        if "&" in source:
            self._decode(texts)
        separators = list(map(_SEPARATOR, self._tags))
        self.text = "".join(chain.from_iterable(zip(texts, [*separators, ""], strict=True)))
        widths = map(add, map(len, texts), map(len, separators))
        self._starts = [0, *accumulate(widths)]
        self._bounds = [0, *accumulate(map(len, parts))]  # of each part, in the source
        self._linkable = self._zones()
        self._sections = [self._starts[place + 1] for place in _places(_STARTS_SECTION, self._tags)]

    def _decode(self, texts: list[str]) -> None:
        for node in [node for node, text in enumerate(texts) if "&" in text]:
            decoded, edges = decode(texts[node])
            if edges is not None:
                self._edges[node] = edges
                texts[node] = decoded.translate(_AS_SPACE)

    def _zones(self) -> bytearray:
        """Return for each text whether it may be linked. What is never closed stays open: rather none than wrong."""
        tags, linkable = self._tags, bytearray(b"\1") * (len(self._tags) + 1)
        at = 0
        for opener in _places(_OPENS, tags):
            if opener >= at:
                at = self._end_of_zone(opener)
                linkable[opener + 1 : at + 1] = bytes(at - opener)
        return linkable

    def _end_of_zone(self, opener: int) -> int:
        """Return the place of the tag that closes the last of the elements open since this one."""
        tags, name = self._tags, self._tags[opener].name
        if opener + 1 < len(tags) and tags[opener + 1].kind == "end" and tags[opener + 1].name == name:
            return opener + 1  # by far most hold no tags
        is_open: Counter[str] = Counter()
        for place in range(opener, len(tags)):
            _pass(tags[place], is_open)
            if not is_open.total():
                return place
        return len(tags)

    def section(self, offset: int) -> int:
        """Return the number of the section in which a place of the text lies."""
        return bisect_right(self._sections, offset)

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where a stretch of the text stands in the source, if a link may go around it.

        It may not in a zone without links, nor within a character reference, nor where it would overlap an element.
        """
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, end - 1) - 1
        if not all(self._linkable[first : last + 1]):
            return None
        begin, stop = self._edge(first, start), self._edge(last, end)
        if first == last or begin is None or stop is None:
            return None if begin is None or stop is None else (begin, stop)
        return self._around(first, last, begin, stop)

    def _edge(self, node: int, offset: int) -> int | None:
        within = offset - self._starts[node]
        edge = within if node not in self._edges else self._edges[node][within]
        return None if edge is None else self._bounds[2 * node] + edge

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
        return place < len(self._tags) and self._tags[place].kind == "end" and self._tags[place].name == name


def _pass(one: Tag, is_open: Counter[str]) -> None:
    """Count a tag that is met while elements without links are open."""
    if one.kind == "end" and is_open[one.name]:
        is_open[one.name] -= 1
    elif one.kind == "start" and (one.opens or is_open[one.name]) and one.name not in VOID:
        in_foreign = one.name in _FOREIGN or any(is_open[foreign] for foreign in _FOREIGN)
        is_open[one.name] += not (in_foreign and one.is_closed)


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
