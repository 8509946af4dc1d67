"""Which of several entries a name means, and whether it means any: by words beside it, priority, and title.

Nothing is guessed: where two entries are left, the name is linked to neither.
"""

import re
from collections.abc import Iterator, Sequence

from core.analysis import fold, keys
from links.models import Mode, Name
from links.trie import Match, written

_LONGEST_PARAGRAPH = 2000  # characters on either side
_PARAGRAPH = re.compile(r"\n\s*\n|\f")


class Meanings:
    """The names of one language, as far as rules say something about them."""

    def __init__(self, rows: Sequence[Name], language: str) -> None:
        self._language = language
        self._rows: dict[tuple[str, str], Name] = {}
        for row in rows:
            self._rows.setdefault((row.key, _spelling(row.phrase)), row)
        self.everywhere = frozenset(row.key for row in rows if row.mode == Mode.ALWAYS)
        self._has_contexts = any(row.mode == Mode.NEEDS_CONTEXT for row in rows)

    def decided(self, text: str, matches: Sequence[Match]) -> list[Match]:
        """Return the matches that mean one entry; without contexts and homographs, as they are."""
        if not self._has_contexts and not any(" " in match.target for match in matches):
            return list(matches)
        return [decided for match in matches if (decided := self._decide(text, match))]

    def _decide(self, text: str, match: Match) -> Match | None:
        fitting = [
            (row.priority, row.is_title, target)
            for target, row in self._meant(match)
            if row.mode != Mode.NEEDS_CONTEXT or self._stands_beside(row, text, match)
        ]
        fitting.sort(reverse=True)
        if not fitting or (len(fitting) > 1 and fitting[0][:2] == fitting[1][:2]):
            return None
        return match._replace(target=fitting[0][2])

    def _meant(self, match: Match) -> Iterator[tuple[str, Name]]:
        spelling = _spelling(match.text)
        for target in match.target.split(" "):
            yield target, self._rows.get((target, spelling)) or Name(key=target)

    def _stands_beside(self, row: Name, text: str, match: Match) -> bool:
        """Tell whether one of the name's other words stands in the same paragraph."""
        low, high = max(0, match.start - _LONGEST_PARAGRAPH), min(len(text), match.end + _LONGEST_PARAGRAPH)
        start = max((found.end() for found in _PARAGRAPH.finditer(text, low, match.start)), default=low)
        end = found.start() if (found := _PARAGRAPH.search(text, match.end, high)) else high
        around = text[start : match.start], text[match.end : end]
        words = f" {' | '.join(' '.join(keys(part, self._language)) for part in around)} "
        phrases = (" ".join(keys(line, self._language)) for line in row.context.splitlines())
        return any(f" {phrase} " in words for phrase in phrases if phrase)


def _spelling(phrase: str) -> str:
    return fold(written(phrase))
