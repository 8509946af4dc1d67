"""The exact rules of finding names: a trie of tokens, leftmost first, the longest of those that begin there."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from core.analysis import Span, fold, primary, spans
from core.folding import APOSTROPHES, IGNORABLE, drop_loose_joiners, normalize

_ANY_LANGUAGE = frozenset(["", "und", "mul", "zxx"])
# Before a hyphen these turn a name into another one: non-contributory is not contributory.
_PREFIXES = frozenset([
    "anti", "co", "ex", "extra", "inter", "micro", "mini", "multi", "non", "post", "pre", "pseudo", "quasi", "semi",
    "sub",
])  # fmt: skip
HYPHENS = "-\u2010\u2011"
_WRITTEN = (
    dict.fromkeys(map(ord, APOSTROPHES), "'")
    | dict.fromkeys(map(ord, HYPHENS), "-")
    | dict.fromkeys(map(ord, IGNORABLE))
)
_GAP = re.compile(r"-\s*|\s+")
ADDRESS = re.compile(
    r"\b(?:https?|ftp)://\S+|\bwww\.\S+"
    r"|(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+"
    r"|(?<![\w.-])[\w-]++(?:\.[\w-]++)+/\S*"
)


@dataclass(frozen=True)
class Phrase:
    """A name in one language. ``target`` is "kind:pk"; ``exact_case`` names (countries, abbreviations) match only as
    written, all others in any case and also without their accents."""

    text: str
    language: str
    target: str
    exact_case: bool


class Match(NamedTuple):
    """``text`` is the source from ``start`` to ``end``; several targets stand side by side, with a space between."""

    start: int
    end: int
    target: str
    text: str


@dataclass(slots=True)
class Node:
    following: dict[str, "Node"] = field(default_factory=dict)
    names: list["Name"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Name:
    target: str
    exact_case: bool
    written: str
    lower: str
    folded: str
    closing: str  # the bracket that ends the name: Venezuela (Bolivarian Republic of)

    def rank(self, written: str) -> int | None:
        """Return how well the name fits what is written (0 is best), or None."""
        if written == self.written:
            return 0
        if self.exact_case:
            return None
        if written.casefold() == self.lower:
            return 1
        return 2 if fold(written) == self.folded else None


class Trie:
    """The phrases of one language.

    Phrases of other languages do not take part, nor such as would match everywhere: without a word, one letter, only
    digits, only stop words (unless in exact case: WHO), nor such as run over a blank line. Within a name, one hyphen or
    white space are the same; no other character may stand between its words unless the name is written so.
    """

    def __init__(self, phrases: Iterable[Phrase], language: str) -> None:
        self.language = primary(language)
        self.names: list[Name] = []
        self._root: dict[str, Node] = {}
        for phrase in phrases:
            if primary(phrase.language) in _ANY_LANGUAGE | {self.language}:
                self._add(phrase)

    def _add(self, phrase: Phrase) -> None:
        words = self.words(phrase.text)
        if not _is_telling(words, phrase.exact_case):
            return
        start, end = words[0][0], words[-1][1]
        as_written = written(phrase.text[start:end])
        if "\n\n" in as_written:
            return
        following, node = self._root, None
        for _, _, key, _, _ in words:
            node = following.setdefault(key, Node())
            following = node.following
        closing = ")" if "(" in as_written and phrase.text[end:].startswith(")") else ""
        name = Name(phrase.target, phrase.exact_case, as_written, as_written.casefold(), fold(as_written), closing)
        node.names.append(name)
        self.names.append(name)

    def words(self, text: str) -> list[Span]:
        return list(spans(text, self.language))

    def find(self, text: str, place: int = 0, free: int = 0, end: int | None = None) -> Iterator[Match]:
        """Yield the names in the text, in order, none overlapping another.

        Of several names written alike the one that fits best counts: same case and accents, then same accents, then
        folded; of those that fit alike all. With a ``place``, the text is a piece that begins there: places count from
        the beginning of the whole, names begin at ``free`` or later and before ``end``.
        """
        for match in self.find_overlapping(text):
            start = place + match.start
            if start >= free and (end is None or start < end):
                free = place + match.end
                yield match._replace(start=start, end=free)

    def find_overlapping(self, text: str) -> Iterator[Match]:
        """Yield the names in the text, the longest that begins with each word."""
        words = self.words(without_addresses(text))
        for index, word in enumerate(words):
            found = self.longest(text, words, index) if word[2] in self._root else None
            if found and not inside_a_word(text, words, index, found.end):
                yield found

    def longest(self, text: str, words: Sequence[Span], index: int) -> Match | None:
        """Return the longest name that begins with a word of the text."""
        start, best = words[index][0], None
        node = self._root.get(words[index][2])
        while node is not None:
            end = words[index][1]
            if node.names and (names := _best(node.names, written(text[start:end]))):
                end += len(names[0].closing) if text.startswith(names[0].closing, end) else 0
                best = Match(start, end, " ".join(dict.fromkeys(name.target for name in names)), text[start:end])
            index += 1
            node = node.following.get(words[index][2]) if index < len(words) else None
        return best


def _best(names: list[Name], written: str) -> list[Name]:
    ranked = [(rank, name) for name in names if (rank := name.rank(written)) is not None]
    best = min((rank for rank, _ in ranked), default=None)
    return [name for rank, name in ranked if rank == best]


def _is_telling(words: Sequence[Span], exact_case: bool) -> bool:
    if not words or (len(words) == 1 and len(words[0][2]) == 1):
        return False
    return not all(key.isdigit() or (stop and not exact_case) for _, _, key, _, stop in words)


def inside_a_word(text: str, words: Sequence[Span], index: int, end: int) -> bool:
    """Tell whether the match from ``words[index]`` is part of a compound, of an underscored name or of a host name."""
    start = words[index][0]
    before, after = text[start - 1 : start], text[end : end + 1]
    if before == "_" or after == "_" or (after == "." and text[end + 1 : end + 2].islower()):
        return True
    return (
        before != ""
        and before in HYPHENS
        and index > 0
        and words[index - 1][1] == start - 1
        and words[index - 1][2] in _PREFIXES
    )


def written(text: str) -> str:
    """Return the text with its case and accents, one kind of apostrophe, and a space for each hyphen or space."""
    text = drop_loose_joiners(normalize("NFC", text).translate(_WRITTEN))
    return _GAP.sub(_as_space, text)


def _as_space(gap: re.Match[str]) -> str:
    """A line end is a space; a blank line or a page end is a boundary that no name crosses."""
    return "\n\n" if is_boundary(gap.group()) else " "


def is_boundary(gap: str) -> bool:
    return gap.count("\n") > 1 or "\f" in gap


def may_hold_address(text: str) -> bool:
    return "/" in text or "@" in text or "www." in text


def without_addresses(text: str) -> str:
    """Blank out web and mail addresses, keeping all offsets."""
    if not may_hold_address(text):
        return text
    return ADDRESS.sub(lambda match: "\0" * len(match.group()), text)
