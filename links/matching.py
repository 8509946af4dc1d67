"""Names found in texts: an automaton tells where they may stand, the exact rules of the trie decide.

The automaton runs over the text folded one character to one (`links.alignment`), so that it says where in the text a
name stands. What it finds there is judged once for each way of writing it and then remembered. Where the folded text
says too little (irregular characters and gaps, addresses) the trie reads the text itself. The result is always that of
``Trie.find`` over the whole text.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from ahocorasick_rs import Implementation

from core.folding import APOSTROPHES
from links.alignment import (
    ADDRESS_SIGNS,
    IRREGULAR,
    SIGNS,
    Latin,
    Script,
    Wide,
    changes_of_script,
    is_spaceless,
    surroundings,
)
from links.trie import ADDRESS, HYPHENS, Match, Phrase, Trie, is_boundary

__all__ = ["Match", "Matcher", "Phrase"]

_LONGEST_CHUNK = 1000  # characters without white space; a text with longer runs is read by the trie alone
_REMEMBERED = 2**16
_FAST_UP_TO = 2000  # names for which the automaton may take much memory for each
_BEFORE_GAPS = frozenset([" ", ".", ",", ";", ":", "!", "?", ""])  # common, and rarely within names


class _Verdict(NamedTuple):
    """What stands at a place: a name of so many characters. Before a lower-case letter a full stop belongs to it."""

    length: int
    target: str
    text: str
    dotted: bool


class _UnclearError(Exception):
    """The text is of a sort that only the trie reads."""


_DOUBT = _Verdict(0, "", "", False)  # what stands around decides
_UNKNOWN = _Verdict(0, "", "", False)


class Matcher:
    """Finds the phrases of one language in texts; built once, then safe to share between threads."""

    def __init__(self, phrases: Iterable[Phrase], language: str) -> None:
        self._trie = Trie(phrases, language)
        self.language = self._trie.language
        folded = {name.folded for name in self._trie.names}
        self._spaceless = any(is_spaceless(char) for char in set().union(*folded))
        self._script: Script = Wide if self._spaceless or not _mostly_latin(folded) else Latin
        self._reach = 2 + max(map(len, folded), default=0)
        self._before_gaps = {name[place - 1] for name in folded for place, char in enumerate(name) if char == " "}
        self._only_exact = not all(map(_is_plain, folded)) if self._spaceless else False
        self._known: dict[str, _Verdict | None] = {}
        self._automaton = self._build(folded)

    def _build(self, folded: Iterable[str]) -> Any:
        script, patterns = self._script, set()
        for name in folded:
            aligned = script.align(name)
            if script.irregular not in aligned:  # else it can only stand where a text is irregular too
                patterns.add(aligned if is_spaceless(name[0]) else script.spaced(aligned))
        fast = Implementation.DFA if len(patterns) <= _FAST_UP_TO else None
        return script.automaton(sorted(patterns), implementation=fast) if patterns else None

    def find(self, text: str) -> list[Match]:
        """Return the names in the text, in order, none overlapping another: those that ``Trie.find`` yields."""
        try:
            return self._find(text)
        except _UnclearError:
            return list(self._trie.find(text))

    def _find(self, text: str) -> list[Match]:
        if self._only_exact:
            raise _UnclearError
        aligned, windows = self._regular(text)
        candidates = self._candidates(aligned)
        starts, at, free, matches = sorted(candidates), 0, 0, list[Match]()
        for low, high in windows:
            until = bisect_left(starts, low, at)
            matches += self._judged(text, aligned, starts[at:until], candidates, free)
            free = matches[-1].end if matches else 0
            matches += self._exactly(text, aligned, max(low, free), high)
            free = matches[-1].end if matches else 0
            at = bisect_left(starts, high, until)
        return matches + self._judged(text, aligned, starts[at:] if at else starts, candidates, free)

    def _candidates(self, aligned: Any) -> dict[int, int]:
        """Return where names may stand: for each start the end of the longest, with what stands on either side."""
        if self._automaton is None:
            return {}
        spaced = self._script.spaced(aligned)
        found = self._automaton.find_matches_as_indexes(spaced, overlapping=True)
        if not self._spaceless:
            return {start: end for _, start, end in found}
        # Names in scripts without spaces were sought as such, without what stands around them.
        return {
            (start if spaced[start] == " " else start - 1): (end if spaced[end - 1] == " " else end + 1)
            for _, start, end in found
        }

    def _judged(self, text: str, aligned: Any, starts: Sequence[int], ends: dict[int, int], free: int) -> list[Match]:
        padded, known, matches = f" {text} ", self._known.get, list[Match]()
        for start in starts:
            if start < free:
                continue
            piece = padded[start : ends[start]]
            verdict = known(piece, _UNKNOWN)
            if verdict is _UNKNOWN:
                verdict = self._judge(piece)
            if verdict is _DOUBT:
                verdict = self._look_around(text, aligned, start, ends[start])
            if verdict:
                length, target, name, dotted = verdict
                if dotted and padded[start + length + 2].islower():
                    continue
                free = start + length
                matches.append(Match(start, free, target, name))
        return matches

    def _judge(self, piece: str) -> _Verdict | None:
        """Judge what an automaton found, with the character on either side."""
        doubtful = piece[0] in APOSTROPHES + HYPHENS or piece[-1] in APOSTROPHES
        found = next(self._trie.find(piece, free=1, end=2), None)
        if doubtful or (found and found.end == len(piece)):
            verdict = _DOUBT
        elif found is None:
            verdict = None
        else:
            dotted = found.end == len(piece) - 1 and piece[-1] == "."
            verdict = _Verdict(found.end - found.start, found.target, found.text, dotted)
        return self._remember(piece, verdict)

    def _look_around(self, text: str, aligned: Any, start: int, end: int) -> _Verdict | None:
        left, right = self._chunk(aligned, start, end - 2)
        chunk = text[left:right]
        key = f"{start - left}\0{chunk}"
        if key not in self._known:
            found = next(self._trie.find(chunk, free=start - left, end=start - left + 1), None)
            verdict = found and _Verdict(found.end - found.start, found.target, found.text, False)
            return self._remember(key, verdict)
        return self._known[key]

    def _remember(self, key: str, verdict: _Verdict | None) -> _Verdict | None:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[key] = verdict
        return verdict

    def _exactly(self, text: str, aligned: Any, start: int, end: int) -> Iterator[Match]:
        """Read a window by the trie: the names that begin in it."""
        left, right = self._chunk(aligned, start, min(end + self._reach, len(text)))
        return self._trie.find(text[left:right], left, start, end)

    def _chunk(self, aligned: Any, start: int, end: int) -> tuple[int, int]:
        """Widen a stretch to the white space around it."""
        found = surroundings(self._script, aligned, start, end, _LONGEST_CHUNK)
        if found is None:
            raise _UnclearError
        return found

    def _regular(self, text: str) -> tuple[Any, Sequence[tuple[int, int]]]:
        """Return the aligned text without addresses, and the stretches in which a name may begin that an automaton
        does not find there, in order and apart."""
        aligned = self._script.align(text)
        addresses, places, past, read = list[tuple[int, int]](), list[tuple[int, int]](), 0, 0
        for sign, start, end in self._script.signs.find_matches_as_indexes(aligned):
            if start < past:  # within an address
                continue
            if sign not in _OF_ADDRESSES:
                if sign == _IRREGULAR or not self._is_harmless(text, start):
                    places.append((start, end))
            elif url := _url(text, start):
                addresses.append(url)
                past = read = url[1]
            elif start >= read and _may_be_address(text, start):
                left, read = self._chunk(aligned, start, end)
                addresses += [(left + a, left + b) for a, b in map(re.Match.span, ADDRESS.finditer(text[left:read]))]
                past = addresses[-1][1] if addresses else 0
        if self._spaceless:
            places = sorted([*places, *changes_of_script(aligned)])
        return self._without(addresses, aligned), self._windows(places, len(text))

    def _without(self, addresses: Sequence[tuple[int, int]], aligned: Any) -> Any:
        """Return the aligned text with boundaries in the place of web and mail addresses."""
        if not addresses:
            return aligned
        parts, done = [], 0
        for start, end in addresses:
            parts += aligned[done:start], self._script.boundary * (end - start)
            done = end
        return self._script.nothing.join([*parts, aligned[done:]])

    def _is_harmless(self, text: str, start: int) -> bool:
        """Tell whether no name runs over the gap that begins here."""
        before = text[start - 1 : start]
        if (gap := _GAP_RUN.match(text, start)) is None or is_boundary(before + gap.group()):
            return True
        sign = " " if before.isspace() else before
        return sign in _BEFORE_GAPS and sign not in self._before_gaps

    def _windows(self, places: Iterable[tuple[int, int]], length: int) -> Sequence[tuple[int, int]]:
        windows: list[tuple[int, int]] = []
        for start, end in places:
            start, end = max(0, start - self._reach), end + 1  # what begins right after it, too
            if windows and start <= windows[-1][1]:
                windows[-1] = windows[-1][0], max(end, windows[-1][1])
            else:
                windows.append((start, end))
        if sum(end - start for start, end in windows) * 2 > length:
            raise _UnclearError  # reading it in parts would take longer
        return windows


_IRREGULAR, _OF_ADDRESSES = SIGNS.index(IRREGULAR), frozenset(map(SIGNS.index, ADDRESS_SIGNS))
_URL = re.compile(r"\b(?:https?|ftp)://\S+")
_SCHEMES = (6, 5, 4)  # characters of https: http: ftp:
_GAP_RUN = re.compile(f"[{HYPHENS}]?\\s+")


def _url(text: str, place: int) -> tuple[int, int] | None:
    """Return the ends of the web address whose scheme ends right before this slash: white space ends it."""
    if text[place + 1 : place + 2] == "/":
        for length in _SCHEMES:
            if place >= length and (found := _URL.match(text, place - length)):
                return found.span()
    return None


def _may_be_address(text: str, place: int) -> bool:
    """Tell quickly that a slash stands in no address: these have a dot before it, or another slash beside it."""
    if text[place] != "/" or text[place + 1 : place + 2] == "/":
        return True
    low = max(0, place - _LONGEST_CHUNK)
    dot = text.rfind(".", low, place)
    if dot < 0 and low == 0:
        return False
    return text.find(" ", max(dot, low), place) < 0 and text.find("\n", max(dot, low), place) < 0


def _mostly_latin(names: Iterable[str]) -> bool:
    aligned = [Latin.align(name) for name in names]
    return sum(Latin.irregular in name for name in aligned) * 2 <= len(aligned)


def _is_plain(name: str) -> bool:
    """Tell whether an automaton finds the name: wholly with spaces between words, or two and more signs without any."""
    spaceless = sum(map(is_spaceless, name))
    return spaceless == 0 or (1 < spaceless == len(name) and IRREGULAR not in Wide.align(name))
