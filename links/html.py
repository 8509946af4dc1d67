"""Links to the things that a text names, inserted when it is shown; the stored text stays as it is.

Removing the links gives back the input byte for byte: an inserted anchor carries a checksum of its address and text, so
that anchors which people wrote are never taken for ours.
"""

import html as entities
import re
import zlib
from collections import deque
from collections.abc import Callable, Collection, Iterator
from typing import Protocol

from links.fragments import Fragment
from links.trie import Match

LINKS_PER_WINDOW, WINDOW = 6, 100  # at most 6 links in any 100 words
WIDTH = 1000  # characters that count as 100 words, in scripts without spaces too

_SIGN = '" data-auto="'
_OURS = re.compile(
    r'<a class="term" href="([^"<>]*)" data-auto="([0-9a-f]{8})">((?:[^<]++|<(?!/?[aA][ \t\n\r\f/>]))*+)</a>'
)


class Finder(Protocol):
    def find(self, text: str) -> list[Match]: ...


def link_html(
    html: str,
    matcher: Finder,
    href: Callable[[str], str | None],
    skip: Collection[str] = frozenset(),
    everywhere: Collection[str] = frozenset(),
) -> str:
    """Return the fragment with a link around each thing it names: the first time in each section (from an h2 on), at
    most 6 in 100 words, never in headings, links, controls, code, quotations or what is marked ``data-nolink``.

    ``href`` gives the address of a target, or None for no link; targets in ``skip`` get none (the page's own), those
    in ``everywhere`` are linked each time that there is room. Links inserted before are replaced. Every other byte
    stays, whatever the input.
    """
    html = unlink_html(html)
    fragment = Fragment(html)
    parts, position = [], 0
    for start, end, address in _Chooser(href, skip, everywhere).choose(fragment, matcher.find(fragment.text)):
        parts += html[position:start], _anchor(address, html[start:end])
        position = end
    return "".join([*parts, html[position:]])


def unlink_html(html: str) -> str:
    """Remove the anchors that ``link_html`` inserted, and nothing else."""
    if _SIGN not in html:
        return html
    return _OURS.sub(lambda match: match[3] if match[2] == _checksum(match[1], match[3]) else match[0], html)


def _anchor(address: str, text: str) -> str:
    return f'<a class="term" href="{address}" data-auto="{_checksum(address, text)}">{text}</a>'


def _checksum(address: str, text: str) -> str:
    return f"{zlib.crc32(f'{address} {text}'.encode('utf-8', 'surrogatepass')):08x}"


class _Chooser:
    """Decides which of the matches become links."""

    def __init__(self, href: Callable[[str], str | None], skip: Collection[str], everywhere: Collection[str]) -> None:
        self._href = href
        self._everywhere = everywhere
        self._addresses: dict[str, str | None] = dict.fromkeys(skip)
        self._recent: deque[int] = deque(maxlen=LINKS_PER_WINDOW)

    def choose(self, fragment: Fragment, matches: list[Match]) -> Iterator[tuple[int, int, str]]:
        seen, next_section, position = set[str](), 0, 0
        for first, last, target, _ in matches:
            if first >= next_section:
                next_section = fragment.next_section(first)
                seen.clear()
            if target in seen or not (address := self._address(target)):
                continue
            if self._has_room(fragment.text, first) and (place := fragment.place(first, last)):
                start, end = place
                if start < position:
                    continue
                if target not in self._everywhere:
                    seen.add(target)
                self._recent.append(first)
                position = end
                yield start, end, address

    def _has_room(self, text: str, place: int) -> bool:
        if len(self._recent) < LINKS_PER_WINDOW or place - self._recent[0] >= WIDTH:
            return True
        return len(text[self._recent[0] : place].split()) >= WINDOW

    def _address(self, target: str) -> str | None:
        if target not in self._addresses:
            address = self._href(target)
            self._addresses[target] = address and entities.escape(address)
        return self._addresses[target]
