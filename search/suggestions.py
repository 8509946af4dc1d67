"""What a half-typed question may mean: names and titles that contain its words, the last one as a beginning."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import Any, NamedTuple

from django.urls import reverse

from core.analysis import fold, identifiers, keys
from core.entries import registry
from links.models import Name
from links.names import Names, names_for
from links.related import checked, live
from search.engines import database_engine
from search.query import Query
from search.tree import AllOf, Node, Term, Without, all_of, any_of
from search.vocabulary import name_words

LIMIT = 8
NAMED = {"country": 0, "theme": 1, "term": 2}  # kinds that are found by their names, and their order
MOST_NAMES = 5  # while anything else is found
MOST_EXPERTS = 2
CANDIDATES = 60  # newest titles compared
MOST_WORDS = 8


class Title(NamedTuple):
    """What is read of a document for being suggested: whole rows would cost most of the time."""

    key: str
    kind: str
    family: str
    language: str
    title: str
    weight: float
    route: list[str]


@dataclass(frozen=True)
class Suggestion:
    """An entry that may be meant."""

    title: str
    kind_label: str
    url: str
    language: str


def suggest(query: Query, user: Any) -> list[Suggestion]:
    """Return up to eight entries whose names or titles hold the words typed: names first, then experts, then titles."""
    typed = keys(query.text, query.language)[:MOST_WORDS]
    if not typed:
        return []
    named = _named(typed, query, names_for(query.audience))
    experts, others = _titled(typed, query)
    some = [*named[:MOST_NAMES], *experts[:MOST_EXPERTS], *others[:LIMIT]]
    seen = checked([*some, *named[MOST_NAMES : 2 * LIMIT]], user)
    return [_suggestion(entry) for entry in _in_order(seen)[:LIMIT]]


def _in_order(seen: Sequence[Name | Title]) -> list[Name | Title]:
    """Put the names that there is room for before all else."""
    names = [entry for entry in seen if isinstance(entry, Name)]
    others = [entry for entry in seen if not isinstance(entry, Name)]
    room = max(MOST_NAMES, LIMIT - len(others))
    return [*names[:room], *others]


def _named(typed: Sequence[str], query: Query, names: Names) -> list[Name]:
    """Return the chief name of each thing that has a name with these words, in the reader's language if it has one.

    What is called so comes first, then what has such a name in the reader's language, then in another one.
    """
    words = name_words(names, query.audience)
    found = {row.pk: row for word in words.beginning(typed[-1]) for row in words.rows[word]}
    best: dict[int, tuple[tuple, Name]] = {}
    for row in found.values():
        kind = row.key.partition(":")[0]
        chief = words.title_of(row.key, query.language)
        if kind in NAMED and chief and _has_all(typed, row):
            far = 0 if row.pk == chief.pk else 1 if row.language == query.language else 2
            rank = (far, *_rank(kind, row.weight, chief.phrase))
            best[chief.pk] = min(best.get(chief.pk, (rank, chief)), (rank, chief), key=lambda pair: pair[0])
    return [chief for _, chief in sorted(best.values(), key=lambda pair: pair[0])]


def _has_all(typed: Sequence[str], row: Name) -> bool:
    words = set(keys(row.phrase, row.language))
    return words.issuperset(typed[:-1]) and any(word.startswith(typed[-1]) for word in words)


def _titled(typed: Sequence[str], query: Query) -> tuple[list[Title], list[Title]]:
    """Return experts, and what else is found by its title, best first."""
    tree = all_of([*(Term("title_words", word) for word in typed[:-1]), Term("title_words", typed[-1], prefix=True)])
    numbered = [Term("keys", fold(found)) for found in identifiers(query.text)]
    experts = Term("keys", "kind:expert")
    elsewhere = any_of([experts, *(Term("keys", f"kind:{kind}") for kind in NAMED)])
    trees: list[Node] = [AllOf((tree, experts)), Without(any_of([tree, *numbered]), elsewhere)]
    numbers = [n for tree in trees for n in database_engine().numbers(tree, query.audience, CANDIDATES)]
    titles = starmap(Title, live(query.audience).filter(number__in=numbers).values_list(*Title._fields))
    ranked = _one_per_family(sorted(titles, key=lambda t: _rank(t.kind, t.weight, t.title)), query.language)
    return [d for d in ranked if d.kind == "expert"], [d for d in ranked if d.kind != "expert"]


def _rank(kind: str, weight: float, title: str) -> tuple:
    return (NAMED.get(kind, len(NAMED)), -weight, len(title), title)


def _one_per_family(documents: Iterable[Title], language: str) -> list[Title]:
    """Keep the best edition of each family in its first place: the reader's language, else the first."""
    best: dict[str, Title] = {}
    for document in documents:
        known = best.get(document.family)
        if known is None or (document.language == language and known.language != language):
            best[document.family] = document
    return list(best.values())


def _suggestion(entry: Name | Title) -> Suggestion:
    name, *arguments = entry.route
    title = entry.phrase if isinstance(entry, Name) else entry.title
    label = str(registry[entry.key.partition(":")[0]].label)
    return Suggestion(title, label, reverse(name, args=arguments), entry.language)
