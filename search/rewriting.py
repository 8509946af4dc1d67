"""From clauses to a tree of tokens: languages, names and relaxing. Pure: meanings and frequencies are passed in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil

from core.analysis import identifiers, keys, stems, tokens
from core.folding import fold
from links.names import MAX_WORDS, Meaning
from search.query import Clause
from search.tree import AnyOf, Node, Phrase, Term, Without, all_of, any_of, terms
from sync.documents import title_key

SHORT = 3  # parts: what has all of them comes first; of a longer question some are enough, and the score decides
TITLE = 3  # words: of longer questions the title counts less, as 3 to the number of words
MAX_ASKED = 32  # different words and names: of more, the rarest are asked for
ENOUGH = 10_000  # documents: the commonest words of a question that would find more than these need a rarer one beside
INTERFACE = ("en", "fr", "es")
MAX_NAMES = 24  # other names of one thing that are searched too

Meanings = Callable[[tuple[str, ...]], Meaning | None]
Frequencies = Callable[[Sequence[str]], dict[str, int]]  # stems -> documents that have them


@dataclass(frozen=True)
class Plan:
    """What to ask an engine, and what to tell the reader."""

    tree: Node | None = None  # None: everything
    first: frozenset[str] = frozenset()  # keys of documents that come before all others: identifiers, exact titles
    words: tuple[str, ...] = ()  # folded stems and words to mark in titles and snippets
    title_weight: float = 1.0
    topics: tuple[str, ...] = ()  # topics that the words name: "also searched"
    names: tuple[str, ...] = ()  # chief names, in all languages, of what the words mean
    parts: int = 0  # words, phrases and topics that were asked
    several: bool = False  # more than one word was asked, so that some of them can be enough
    loosened: bool = False  # some of them are enough
    strictly: int = 0  # how many works have them all


@dataclass(frozen=True)
class Word:
    """A word of a question where no syntax surrounds it. Overlapping pairs of characters count half."""

    text: str
    key: str
    stop: bool
    length: float = 1.0


@dataclass(frozen=True)
class Part:
    """What is asked for in one place: words, all of which are needed, or else one of what stands for all of them."""

    words: tuple[Node, ...]
    others: tuple[Node, ...] = ()
    length: float = 1.0
    stop: bool = False

    @property
    def node(self) -> Node | None:
        words = all_of(list(self.words))
        return any_of([words, *self.others]) if words else None


@dataclass
class _Builder:
    languages: tuple[str, ...]
    meaning: Meanings
    marks: set[str] = field(default_factory=set)
    topics: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def parts(self, clauses: list[Clause]) -> list[Part]:
        """Return the parts of a question in order. Stop words are left out, unless nothing else was asked."""
        found: list[Part] = []
        words: list[Word] = []  # since the last clause that stands for itself
        groups: dict[int, list[Clause]] = {}
        for clause in clauses:
            groups.setdefault(clause.group, []).append(clause)
        for group in groups.values():
            clause = group[0]
            if len(group) == 1 and not (clause.phrase or clause.prefix or identifiers(clause.text)):
                words += self.split(clause.text)
                continue
            found += self.named(words)
            words = []
            if alternatives := [node for one in group if (node := self.clause(one))]:
                found.append(Part((any_of(alternatives),)))
        found += self.named(words)
        return [part for part in found if not part.stop] or found

    def split(self, text: str) -> Iterator[Word]:
        end = 0
        for token in tokens(text, self.languages[0]):
            length = 0.5 if token.start < end else 1.0
            end = token.end
            yield Word(text[token.start : token.end], token.key, token.stop, length)

    def named(self, words: list[Word]) -> Iterator[Part]:
        """Yield names of topics and terms, the longest first, and each word between them."""
        place = 0
        while place < len(words):
            count, meaning = self.longest_name(words, place)
            here = words[place : place + max(count, 1)]
            nodes = tuple(self.word(word.text) for word in here if not word.stop or not meaning)
            if meaning:
                yield Part(nodes or (self.word(here[0].text),), tuple(self.other_names(meaning)))
            else:
                yield Part(nodes, length=here[0].length, stop=here[0].stop)
            place += len(here)

    def longest_name(self, words: list[Word], place: int) -> tuple[int, Meaning | None]:
        """Return how many words from `place` on are a name, and what it means."""
        name = tuple(word.key for word in words[place : place + MAX_WORDS])
        for count in range(len(name), 0, -1):
            if found := self.meaning(name[:count]):
                return count, found
        return 0, None

    def clause(self, clause: Clause) -> Node | None:
        """Return what a clause finds by itself: a phrase as it stands, a beginning, or words with an identifier."""
        if clause.phrase:
            return self.phrase(clause.text)
        if clause.prefix:
            return self.beginning(clause.text)
        words = all_of([self.word(word.text) for word in self.split(clause.text)])
        exact = [fold(found) for found in identifiers(clause.text)]
        return any_of([words, *(Term("keys", key) for e in exact for key in (e, f"in:{e}"))]) if words else None

    def word(self, text: str) -> Node:
        """Return the alternatives of one word: its stem in each language, also without accents, and itself."""
        itself = keys(text, self.languages[0])
        self.marks.update(itself)
        found: list[Node] = []
        for written in (text, *itself):
            for language in self.languages:
                stemmed = stems(written, language)
                self.marks.update(stemmed)
                found += [node] if (node := all_of([Term("stems", stem) for stem in stemmed])) else []
        return any_of([*found, all_of([Term("words", token) for token in itself])])

    def phrase(self, text: str) -> Node | None:
        itself = keys(text, self.languages[0])
        self.marks.update(itself)
        return Phrase("words", tuple(itself)) if len(itself) > 1 else all_of([Term("words", t) for t in itself])

    def beginning(self, text: str) -> Node | None:
        typed = keys(text, self.languages[0])
        self.marks.update(typed)
        return all_of([Term("words", t) for t in typed[:-1]] + [Term("words", t, True) for t in typed[-1:]])

    def other_names(self, meaning: Meaning) -> list[Node]:
        """Return what else finds what was meant: keys of topics, and other names, which score less than the words."""
        self.topics += meaning.topics
        self.names += meaning.titles
        for words in meaning.phrases:
            self.marks.update(words)
        phrases = [Phrase("words", w) if len(w) > 1 else Term("words", w[0]) for w in meaning.phrases]
        return [*(Term("keys", topic) for topic in meaning.topics), *phrases[:MAX_NAMES]]


def no_meaning(words: tuple[str, ...]) -> None:
    """Take words as words: for "Only my words"."""
    return None


def languages_asked(reader: str, chosen: Sequence[str]) -> tuple[str, ...]:
    """Return the languages to stem a question in: those filtered for, else the reader's and the interface's."""
    return tuple(dict.fromkeys([*chosen, reader, *(() if chosen else INTERFACE)]))


def rewrite(
    clauses: list[Clause],
    languages: tuple[str, ...],
    meaning: Meanings,
    frequencies: Frequencies,
    *,
    any_word: bool = False,
) -> Plan:
    """Return the plan for these clauses. With `any_word`, one of the words is enough."""
    builder = _Builder(languages, meaning)
    wanted = [clause for clause in clauses if not clause.negative]
    parts = builder.parts(wanted)
    tree = _any_of(parts, frequencies) if any_word else all_of([node for part in parts if (node := part.node)])
    for clause in (clause for clause in clauses if clause.negative):
        node = _Builder(languages, no_meaning).clause(clause)
        tree = Without(tree, node) if node else tree
    text = " ".join(clause.text for clause in wanted)
    first = {fold(found) for found in identifiers(text)} | ({title_key(text, languages[0])} if text else set())
    return Plan(
        tree=tree,
        first=frozenset(first),
        words=tuple(sorted(builder.marks)),
        title_weight=min(1.0, TITLE / max(_different_words(parts), 1)),
        topics=tuple(dict.fromkeys(builder.topics)),
        names=tuple(dict.fromkeys(builder.names)),
        parts=ceil(sum(part.length for part in parts)),
        several=sum(len(part.words) for part in parts) > 1,
        loosened=any_word,
    )


def _different_words(parts: list[Part]) -> float:
    return sum({node: min(part.length, 1.0) for part in parts for node in part.words}.values())


def _any_of(parts: list[Part], frequencies: Frequencies) -> Node | None:
    """Return a tree that any word meets: a word said again counts again, and each word of a name by itself.

    Where the words are found in very many documents, the commonest only count beside a rarer one.
    """
    nodes = [node for part in parts for node in (*part.words, *part.others)]
    counts = _counted(nodes, frequencies)
    asked = sorted(counts, key=lambda node: counts[node])[:MAX_ASKED]
    nodes = [node for node in nodes if node in asked]
    every = AnyOf(tuple(nodes)) if len(nodes) > 1 else all_of(nodes)
    rare, total = [], 0
    for node in asked:
        if total and total + counts[node] > ENOUGH:
            return all_of([any_of(rare), every])
        rare.append(node)
        total += counts[node]
    return every


def _counted(nodes: list[Node], frequencies: Frequencies) -> dict[Node, int]:
    """Return in how many documents the commonest stem of each node occurs."""
    stems_of = {node: [term.token for term in terms(node) if term.field == "stems"] for node in nodes}
    known = frequencies(sorted({stem for found in stems_of.values() for stem in found}))
    return {node: max((known.get(stem, 0) for stem in found), default=0) for node, found in stems_of.items()}
