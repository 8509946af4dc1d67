"""From clauses to a tree of tokens: languages, names and relaxing. Pure: meanings and frequencies are passed in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.analysis import identifiers, keys, stems, tokens
from core.folding import fold
from links.names import Meaning
from search.query import Clause
from search.tree import Node, Phrase, Term, Without, all_of, any_of, terms
from sync.documents import title_key

SHORT = 4  # words: of a longer question only the rarest must be found
MUST = 2  # how many of them
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
    loosened: bool = False  # some of them are enough
    strictly: int = 0  # how many works have them all


@dataclass
class _Builder:
    languages: tuple[str, ...]
    meaning: Meanings
    marks: set[str] = field(default_factory=set)
    topics: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def other_names(self, meaning: Meaning) -> list[Node]:
        """Return what else finds what was meant: keys of topics, and other names, which score less than the words."""
        self.topics += meaning.topics
        self.names += meaning.titles
        for words in meaning.phrases:
            self.marks.update(words)
        phrases = [Phrase("words", w) if len(w) > 1 else Term("words", w[0]) for w in meaning.phrases]
        return [*(Term("keys", topic) for topic in meaning.topics), *phrases[:MAX_NAMES]]

    def word(self, clause: Clause) -> Node | None:
        """Return the alternatives of one word: its stem in each language, and itself."""
        if clause.prefix:
            typed = keys(clause.text, self.languages[0])
            self.marks.update(typed)
            return all_of([Term("words", t) for t in typed[:-1]] + [Term("words", t, True) for t in typed[-1:]])
        alternatives: list[Node] = []
        for language in self.languages:
            found = stems(clause.text, language)
            self.marks.update(found)
            node = all_of([Term("stems", stem) for stem in found])
            alternatives += [node] if node else []
        itself = keys(clause.text, self.languages[0])
        self.marks.update(itself)
        if len(itself) > 1:
            alternatives.append(Phrase("words", tuple(itself)))
        elif itself:
            alternatives.append(Term("words", itself[0]))
        for found in identifiers(clause.text):
            alternatives += [Term("keys", fold(found)), Term("keys", f"in:{fold(found)}")]
        return any_of(alternatives)

    def phrase(self, clause: Clause) -> Node | None:
        """Return a phrase as it stands, with its stems so that it scores like words."""
        itself = keys(clause.text, self.languages[0])
        self.marks.update(itself)
        return Phrase("words", tuple(itself)) if len(itself) > 1 else all_of([Term("words", t) for t in itself])


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
    groups = _groups(builder, wanted)
    if any_word:
        tree = any_of([node for _, node in groups])
    elif len(groups) > SHORT:
        tree = _rarest(groups, frequencies)
    else:
        tree = all_of([node for _, node in groups])
    for clause in (clause for clause in clauses if clause.negative):
        plain = _Builder(languages, no_meaning)
        node = plain.phrase(clause) if clause.phrase else plain.word(clause)
        tree = Without(tree, node) if node else tree
    text = " ".join(clause.text for clause in wanted)
    first = {fold(found) for found in identifiers(text)} | ({title_key(text, languages[0])} if text else set())
    return Plan(
        tree=tree,
        first=frozenset(first),
        words=tuple(sorted(builder.marks)),
        title_weight=min(1.0, 3 / max(len(groups), 1)),
        topics=tuple(dict.fromkeys(builder.topics)),
        names=tuple(dict.fromkeys(builder.names)),
        parts=len(groups),
        loosened=any_word,
    )


def _groups(builder: _Builder, clauses: list[Clause]) -> list[tuple[str, Node]]:
    """Return one node for each part of the question, with its text: names of topics first, longest first."""
    groups: list[tuple[str, Node]] = []
    place = 0
    while place < len(clauses):
        length, meaning = _longest_name(builder, clauses, place)
        part = clauses[place : place + max(length, 1)]
        if meaning:
            words = [node for clause in part if (node := builder.word(clause))]
            node = any_of([n for n in [all_of(words)] if n] + builder.other_names(meaning))
        else:
            same = [clause for clause in clauses[place:] if clause.group == clauses[place].group]
            part = same if len(same) > 1 else part
            node = any_of([n for c in part if (n := builder.phrase(c) if c.phrase else builder.word(c))])
        if node:
            groups.append((" ".join(clause.text for clause in part), node))
        place += len(part)
    return _without_stop_words(builder, groups)


def _longest_name(builder: _Builder, clauses: list[Clause], place: int) -> tuple[int, Meaning | None]:
    """Return how many clauses from `place` on are a name, and what it means; a quoted phrase means only itself."""
    words: list[str] = []
    best: tuple[int, Meaning | None] = (0, None)
    groups = [clause.group for clause in clauses]
    for count, clause in enumerate(clauses[place:], 1):
        if clause.prefix or clause.phrase or groups.count(clause.group) > 1:
            break
        words += keys(clause.text, builder.languages[0])
        if found := builder.meaning(tuple(words)):
            best = (count, found)
    return best


def _without_stop_words(builder: _Builder, groups: list[tuple[str, Node]]) -> list[tuple[str, Node]]:
    """Drop words like "the", unless nothing else was asked: they stand in every text and in no index."""
    reader = builder.languages[0]
    kept = [g for g in groups if not (found := tokens(g[0], reader)) or not all(token.stop for token in found)]
    return kept or groups


def _rarest(groups: list[tuple[str, Node]], frequencies: Frequencies) -> Node | None:
    """Return a tree that the rarest known words must meet, while the others count when they occur."""
    stems_of = {text: [t.token for t in terms(node) if t.field == "stems"] for text, node in groups}
    known = frequencies(sorted({stem for found in stems_of.values() for stem in found}))

    def rarity(group: tuple[str, Node]) -> tuple[bool, int]:
        count = max((known.get(stem, 0) for stem in stems_of[group[0]]), default=0)
        return count == 0, count

    ranked = sorted(groups, key=rarity)
    must = all_of([node for _, node in ranked[:MUST]])
    rest = [node for _, node in ranked[MUST:]]
    return all_of([must, any_of([must, *rest])]) if must and rest else must
