"""Names found in texts: an automaton tells where they may stand, the exact rules of the trie decide.

The automaton runs over the text folded one character to one (`links.alignment`), so that it says where in the text a
name stands. What it finds there is judged once, with what stands around it up to white space, and then remembered.
Where the folded text says too little (irregular characters, wide gaps) the trie reads the text itself. The result is
always that of ``Trie.find`` over the whole text.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple, TypeVar

from core.folding import fold
from links.alignment import IRREGULAR, Latin, Script, Wide, changes_of_script, is_spaceless, letters_apart, surroundings
from links.trie import Match, Phrase, Trie, may_hold_address, written

__all__ = ["Match", "Matcher", "Phrase"]

_LONGEST_CHUNK = 1000  # characters without white space; a text with longer runs is read by the trie alone
_LONGEST_GAP = 100  # characters between words that are looked at
_TELLING = 3  # letters of a word that tell whether it is worth looking
_REMEMBERED = 2**16

T = TypeVar("T")


class _Verdict(NamedTuple):
    """What stands at a place: a name of so many characters."""

    length: int
    target: str
    text: str


class _Window(NamedTuple):
    """Where names begin that the automaton does not find. What decides about them stands before `last`."""

    start: int
    end: int
    last: int


_match = partial(tuple.__new__, Match)  # in half the time that Match takes


class _UnclearError(Exception):
    """The text is of a sort that only the trie reads."""


_DOUBT = _Verdict(0, "", "")  # what stands around decides
_UNKNOWN = _Verdict(0, "", "")


class Matcher:
    """Finds the phrases of one language in texts; built once, then safe to share between threads."""

    def __init__(self, phrases: Iterable[Phrase], language: str) -> None:
        self._trie = Trie(phrases, language)
        self.language = self._trie.language
        folded = {name.folded for name in self._trie.names}
        self._spaceless = any(is_spaceless(char) for char in set().union(*folded))
        self._script: Script = Wide if self._spaceless or not _mostly_latin(folded) else Latin
        self._reach = 2 + max(map(len, folded), default=0)
        self._within_reach = re.compile(rf"(?:\s*+\S){{0,{self._reach}}}")
        self._only_exact = not all(map(_is_plain, folded)) if self._spaceless else False
        self._known: dict[str, _Verdict | None] = {}
        self._chunks: dict[str, dict[int, _Verdict]] = {}
        self._build(folded)

    def _build(self, folded: Iterable[str]) -> None:
        """Build the automaton: of names, and of their first words with a gap after them that is wider than theirs."""
        script, names = self._script, set[Any]()
        self._gaps, wider = set[str](), dict[Any, int]()  # and how far before its end the gap begins
        for name in folded:
            aligned = script.align(name)
            spaced = script.spaced(aligned)
            regular = script.irregular.split(spaced, 1)[0]
            if regular == spaced:  # else it can only stand where a text is irregular too
                names.add(aligned if is_spaceless(name[0]) else spaced)
            for gap in script.gap.finditer(regular, 1):
                start, end = gap.span()
                if end < len(spaced):
                    self._gaps.add(name[start - 1 : end - 1])
                    beginning, width = regular[:end], end - start
                    following = regular[end:].partition(script.space)[0][:_TELLING]
                    for more, rest in ((1, following), (2, following), (3, script.space[:0])):
                        wider[beginning + more * script.space + rest] = width + more + len(rest)
        beginnings = {gap[0] for gap in self._gaps}
        self._in_no_gap = {char for char in map(chr, range(128)) if fold(written(char))[:1] not in beginnings}
        self._names, self._back = len(names), list(wider.values())
        patterns = [*sorted(names), *wider]
        self._automaton = script.automaton(patterns) if patterns else None

    def find(self, text: str) -> list[Match]:
        """Return the names in the text, in order, none overlapping another: those that ``Trie.find`` yields."""
        try:
            return self._find(text)
        except _UnclearError:
            return list(self._trie.find(text))

    def _find(self, text: str) -> list[Match]:
        if self._only_exact:
            raise _UnclearError
        aligned = self._script.align(text)
        candidates, gaps = self._candidates(text, aligned)
        windows = self._windows(text, [*gaps, *self._irregular(aligned)])
        around = letters_apart(aligned) if self._spaceless and not may_hold_address(text) else aligned
        starts, at, free, matches = sorted(candidates), 0, 0, list[Match]()
        for window in windows:
            until = bisect_left(starts, window.start, at)
            matches += self._judged(text, around, starts[at:until], candidates, free)
            free = matches[-1].end if matches else 0
            matches += self._exactly(text, aligned, window, free)
            free = matches[-1].end if matches else 0
            at = bisect_left(starts, window.end, until)
        return matches + self._judged(text, around, starts[at:] if at else starts, candidates, free)

    def _candidates(self, text: str, aligned: Any) -> tuple[dict[int, int], list[tuple[int, int]]]:
        """Return where names may stand, for each start the end of the longest, with what stands on either side; and the
        gaps in names that are wider than the automaton knows them."""
        if self._automaton is None:
            return {}, []
        spaced, names, back = self._script.spaced(aligned), self._names, self._back
        found = self._automaton.find_matches_as_indexes(spaced, overlapping=True)
        gaps = [end - back[number - names] for number, _, end in found if number >= names]
        candidates = {start: end for number, start, end in found if number < names}
        if self._spaceless:
            # Names in scripts without spaces were sought as such, without what stands around them.
            candidates = {
                (start if spaced[start] == " " else start - 1): (end if spaced[end - 1] == " " else end + 1)
                for start, end in candidates.items()
            }
        return candidates, self._wide(text, spaced, gaps)

    def _wide(self, text: str, spaced: Any, starts: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Yield those gaps, of which the beginnings in the spaced text are given, that names may have."""
        run = self._script.gap.match
        for start in starts:
            if text[start - 1 : start] in self._in_no_gap:
                continue
            end = run(spaced, start).end()
            gap = text[start - 1 : end - 1]
            if len(gap) > _LONGEST_GAP or _squeezed(gap) in self._gaps:
                yield start - 1, end - 1

    def _irregular(self, aligned: Any) -> Iterator[tuple[int, int]]:
        if self._spaceless:
            yield from changes_of_script(aligned)
        if self._script.sign in aligned:
            yield from map(re.Match.span, self._script.irregular.finditer(aligned))

    def _judged(self, text: str, chunks: Any, starts: Sequence[int], ends: dict[int, int], free: int) -> list[Match]:
        padded, known, matches = f" {text} ", self._known.get, list[Match]()
        for start in starts:
            if start < free:
                continue
            piece = padded[start : ends[start]]
            verdict = known(piece, _UNKNOWN)
            if verdict is _UNKNOWN:
                verdict = self._judge(piece)
            if verdict is _DOUBT:
                verdict = self._look_around(text, chunks, start, ends[start] - 2)
            if verdict:
                length, target, name = verdict
                free = start + length
                matches.append(_match((start, free, target, name)))
        return matches

    def _judge(self, piece: str) -> _Verdict | None:
        """Judge what an automaton found, with the character on either side."""
        alone = piece[0].isspace() and piece[-1].isspace()
        return _remember(self._known, piece, self._read(piece).get(1) if alone else _DOUBT)

    def _look_around(self, text: str, chunks: Any, start: int, end: int) -> _Verdict | None:
        left, right = self._chunk(chunks, start, end)
        chunk = text[left:right]
        found = self._chunks.get(chunk)
        if found is None:
            found = _remember(self._chunks, chunk, self._read(chunk))
        return found.get(start - left)

    def _read(self, chunk: str) -> dict[int, _Verdict]:
        """Return the name that begins at each place of what stands between white space."""
        return {
            match.start: _Verdict(match.end - match.start, match.target, match.text)
            for match in self._trie.find_overlapping(chunk)
        }

    def _exactly(self, text: str, aligned: Any, window: _Window, free: int) -> Iterator[Match]:
        """Read a window by the trie: the names that begin in it."""
        start = max(window.start, free)
        left, right = self._chunk(aligned, start, max(start, window.last))
        return self._trie.find(text[left:right], left, start, window.end)

    def _chunk(self, chunks: Any, start: int, end: int) -> tuple[int, int]:
        """Widen a stretch to the white space around it."""
        found = surroundings(self._script, chunks, start, end, _LONGEST_CHUNK)
        if found is None:
            raise _UnclearError
        return found

    def _windows(self, text: str, places: Iterable[tuple[int, int]]) -> Sequence[_Window]:
        """Return where names may begin that run over these places, in order and apart."""
        windows: list[_Window] = []
        for start, end in sorted(places):
            begin, end = max(0, start - self._reach), end + 1  # what begins right after it, too
            if windows and start <= windows[-1].last:
                begin, end = windows[-1].start, max(end, windows.pop().end)
            rest = self._within_reach.match(text, end)
            windows.append(_Window(begin, end, rest.end() if rest else end))
        if sum(window.end - window.start for window in windows) * 2 > len(text):
            raise _UnclearError  # reading it in parts would take longer
        return windows


@lru_cache(maxsize=2**12)
def _squeezed(gap: str) -> str | None:
    """Return what stands between two words as names are compared; None if it has as many characters then."""
    squeezed = fold(written(gap))
    return squeezed if len(squeezed) < len(gap) else None


def _remember(known: dict[str, T], key: str, value: T) -> T:
    if len(known) >= _REMEMBERED:
        known.clear()
    known[key] = value
    return value


def _mostly_latin(names: Iterable[str]) -> bool:
    aligned = [Latin.align(name) for name in names]
    return sum(Latin.sign in name for name in aligned) * 2 <= len(aligned)


def _is_plain(name: str) -> bool:
    """Tell whether an automaton finds the name: wholly with spaces between words, or two and more signs without any."""
    spaceless = sum(map(is_spaceless, name))
    return spaceless == 0 or (1 < spaceless == len(name) and IRREGULAR not in Wide.align(name))
