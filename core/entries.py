"""The vocabulary of GESS: the entry, and how an app declares which rows become entries.

Each feature app has one `entries.py` that registers an `EntrySource`. Capture triggers, search, links, feeds, rebuild
and the drift check follow from that declaration alone.
"""

import datetime
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from django.db.models import Model, QuerySet

from core.nine import states_of

AUDIENCES = ("public", "members", "staff")  # from the widest to the narrowest; each reads the ones before it
Audience = Literal["public", "members", "staff"]
Cause = Literal["direct", "fanout"]


@dataclass(frozen=True)
class Entry:
    """One findable, linkable piece of knowledge, in one language."""

    kind: str
    pk: int
    language: str  # BCP 47
    title: str
    route: tuple[str, ...]  # name and arguments of its address: reversed when shown, under the reader's language
    family: str  # groups the language editions of one thing: search shows one hit per family
    audience: Audience
    summary: str = ""
    text: str = ""  # plain text, all of it; a form feed between the pages of a document
    names: tuple[str, ...] = ()  # phrases by which other texts mention it
    aliases: tuple[str, ...] = ()  # further words for it that a search understands and texts do not link
    themes: tuple[str, ...] = ()  # slugs, the entry's own first, then their ancestors
    countries: tuple[str, ...] = ()  # ISO 3166-1 alpha-3
    facets: Mapping[str, str | int | tuple[str, ...]] = field(default_factory=dict)
    references: tuple[str, ...] = ()  # keys of entries that it cites: `resource:12`
    answered_by: tuple[str, ...] = ()  # keys of the experts whose answer it is
    identifiers: tuple[str, ...] = ()  # normalised as by core.analysis.identifiers
    date: datetime.date | None = None
    weight: float = 1.0
    until: datetime.datetime | None = None  # when this answer changes by itself

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.pk}"


@dataclass(frozen=True)
class Part:
    """A watched table: which keys a changed row of it touches.

    `keys` is a SELECT of one column, in SQL that SQLite and PostgreSQL share; `{row}` stands for the changed row
    (`{row}.id`). With `columns`, an update counts only if one of them changed.
    """

    model: type[Model]
    keys: str
    cause: Cause = "direct"
    columns: tuple[str, ...] = ()


class EntrySource(ABC):
    """How the rows of one model become entries: the only thing that an app declares to be found and linked."""

    kind: ClassVar[str]
    label: ClassVar[Any]  # what readers call one of this kind: a lazy translation
    model: ClassVar[type[Model]]
    parts: ClassVar[tuple[Part, ...]] = ()

    @abstractmethod
    def rows(self, pks: Collection[int]) -> Iterable[Any]:
        """Return the rows of these primary keys with all that `entries` reads, in a bounded number of queries."""

    @abstractmethod
    def entries(self, row: Any) -> Iterable[Entry]:
        """Return the entries that `row` makes now: none if nobody may see it."""

    @abstractmethod
    def visible_to(self, user: Any) -> QuerySet:
        """Return the rows that `user` may see: the detail page's own rule."""

    def metadata(self, facets: Mapping[str, Any]) -> list[str]:
        """Return what a result line says below the title, in the active language, from an entry's facets."""
        return []

    def nine(self, themes: Sequence[str], facets: Mapping[str, Any]) -> Mapping[str, str]:
        """Return the state of each branch that the entry touches, for its nine teeth."""
        return states_of(themes)

    def for_search_engines(self, visible: QuerySet) -> QuerySet:
        """Narrow what a visitor may see to what search engines and feed readers may name: by default, nothing less."""
        return visible

    def own_parts(self) -> tuple[Part, ...]:
        """Return all watched tables, the model's own first."""
        own = Part(self.model, f"SELECT '{self.kind}:' || {{row}}.{self.model._meta.pk.column}")
        return (own, *self.parts)


class Registry:
    """The sources of all apps, by kind."""

    def __init__(self) -> None:
        self._sources: dict[str, EntrySource] = {}

    def register(self, source: type[EntrySource]) -> type[EntrySource]:
        """Class decorator: add a source; two of one kind are a programming error."""
        if source.kind in self._sources:
            raise ValueError(f"Two entry sources of kind {source.kind!r}: kinds must be unique.")
        self._sources[source.kind] = source()
        return source

    def __iter__(self) -> Iterator[EntrySource]:
        return iter(self._sources.values())

    def __getitem__(self, kind: str) -> EntrySource:
        return self._sources[kind]

    def __contains__(self, kind: object) -> bool:
        return kind in self._sources

    def of_key(self, key: str) -> tuple[EntrySource, int]:
        """Split `kind:pk`. Raises KeyError for a kind that nobody registered, ValueError for a pk that is no number."""
        kind, _, pk = key.partition(":")
        return self._sources[kind], int(pk)


registry = Registry()
