"""What staff keep free of links on one page: all of it, some targets, or passages."""

import re
from collections.abc import Sequence
from typing import Protocol

from links.models import Suppression
from links.trie import Match


class _Finder(Protocol):
    def find(self, text: str) -> list[Match]: ...


class Suppressed:
    """The suppressions that concern the texts of one entry."""

    def __init__(self, rows: Sequence[Suppression], source: str) -> None:
        rows = [row for row in rows if row.source in ("", source)]
        whole = [row for row in rows if not row.passage]
        self.everything = any(not row.target for row in whole)
        self.targets = frozenset(row.target for row in whole)
        self._passages = [(_pattern(row.passage), row.target) for row in rows if row.passage]

    def without(self, finder: _Finder) -> _Finder:
        """Return a finder that finds nothing within the passages."""
        return _Outside(finder, self._passages) if self._passages else finder


class _Outside:
    def __init__(self, finder: _Finder, passages: Sequence[tuple[re.Pattern[str], str]]) -> None:
        self._finder, self._passages = finder, passages

    def find(self, text: str) -> list[Match]:
        matches = self._finder.find(text)
        for pattern, target in self._passages:
            for place in pattern.finditer(text):
                matches = [match for match in matches if not _lies_in(match, place, target)]
        return matches


def _lies_in(match: Match, place: re.Match[str], target: str) -> bool:
    return match.start < place.end() and place.start() < match.end and target in ("", match.target)


def _pattern(passage: str) -> re.Pattern[str]:
    """Return an expression for the words as they stand, whatever the white space between them."""
    return re.compile(r"\s+".join(map(re.escape, passage.split())))
