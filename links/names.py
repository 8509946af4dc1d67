"""All names that one audience may know, as a snapshot that a process keeps until a name changes."""

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db import connection

from accounts.audiences import readable_by
from core.analysis import keys
from core.entries import Audience
from links.matching import Match, Matcher, Phrase
from links.meanings import Meanings
from links.models import Mode, Name, NamesVersion, Suppression

Words = tuple[str, ...]
MAX_WORDS = 8  # of a name that a query is compared with


@dataclass(frozen=True)
class Meaning:
    """What a name stands for: topics that other entries carry; words of its other names; the chief ones of those."""

    topics: tuple[str, ...]
    phrases: tuple[Words, ...]
    titles: tuple[str, ...]


@dataclass
class Names:
    """The names of one audience at one version."""

    mark: str
    rows: Sequence[Name]
    suppressions: Sequence[Suppression] = ()
    _matchers: dict[str, Matcher] = field(default_factory=dict)
    _by_language: dict[str, Meanings] = field(default_factory=dict)

    def matcher(self, language: str) -> Matcher:
        """Return the matcher of names in `language`."""
        primary = language.partition("-")[0]
        if primary not in self._matchers:
            phrases = [
                Phrase(row.phrase, row.language, row.key, needs_exact_case(row))
                for row in self.rows
                if row.mention and row.language.partition("-")[0] == primary
            ]
            self._matchers[primary] = Matcher(phrases, primary)
        return self._matchers[primary]

    def find(self, text: str, language: str) -> list[Match]:
        """Return what the text names, each with one target: as rules say, and nothing where they leave it open."""
        return self._meanings(language).decided(text, self.matcher(language).find(text))

    def finder(self, language: str) -> "Finder":
        return Finder(self, language)

    def _meanings(self, language: str) -> Meanings:
        primary = language.partition("-")[0]
        if primary not in self._by_language:
            rows = [row for row in self.rows if row.mention and row.language.partition("-")[0] == primary]
            self._by_language[primary] = Meanings(rows, primary)
        return self._by_language[primary]

    def everywhere(self, language: str) -> frozenset[str]:
        """Return the targets that are linked every time."""
        return self._meanings(language).everywhere

    def route(self, key: str, language: str) -> list[str] | None:
        """Return the route of a named entry: in `language`, else in English, else in any; None if none is named so."""
        routes = self._routes.get(key, {})
        return routes.get(language) or routes.get("en") or next(iter(routes.values()), None)

    @cached_property
    def _routes(self) -> dict[str, dict[str, list[str]]]:
        found: dict[str, dict[str, list[str]]] = defaultdict(dict)
        for row in self.rows:
            found[row.key][row.language] = row.route
        return dict(found)

    @cached_property
    def _rows_by_words(self) -> dict[Words, list[Name]]:
        found: dict[Words, list[Name]] = defaultdict(list)
        for row in self.rows:
            words = tuple(keys(row.phrase, row.language))
            if 0 < len(words) <= MAX_WORDS:
                found[words].append(row)
        return dict(found)

    @cached_property
    def _rows_by_key(self) -> dict[str, list[Name]]:
        found: dict[str, list[Name]] = defaultdict(list)
        for row in self.rows:
            found[row.key].append(row)
        return dict(found)

    def meaning(self, words: Words) -> Meaning | None:
        """Return what a sequence of folded words means in any language: topics, and other names of the same thing."""
        named = self._rows_by_words.get(words)
        if not named:
            return None
        topics = dict.fromkeys(row.topic for row in named if row.topic)
        others = [row for key in dict.fromkeys(r.key for r in named if not r.topic) for row in self._rows_by_key[key]]
        phrases = {
            tuple(keys(row.phrase, row.language)): row for row in sorted(others, key=lambda row: not row.is_title)
        }
        phrases.pop(words, None)
        titles = {row.phrase: None for row in phrases.values() if row.is_title}
        return Meaning(tuple(topics), tuple(phrases), tuple(titles))

    @cached_property
    def _labels(self) -> dict[tuple[str, str], str]:
        return {(row.topic, row.language): row.phrase for row in self.rows if row.topic and row.is_title}

    def label(self, topic: str, language: str) -> str:
        """Return what readers of `language` call a topic; in English or as the bare code if it has no name there."""
        return self._labels.get((topic, language)) or self._labels.get((topic, "en")) or topic.partition(":")[2]


@dataclass(frozen=True)
class Finder:
    """Names as texts in one language are searched for them."""

    names: Names
    language: str

    def find(self, text: str) -> list[Match]:
        return self.names.find(text, self.language)


def needs_exact_case(name: Name) -> bool:
    """Country names, abbreviations and numbers count only as written; words of the language in any case."""
    if name.mode == Mode.CASE_SENSITIVE:
        return True
    return name.key.startswith("country:") or any(c.isupper() or c.isdigit() for c in name.phrase[1:])


_cache: dict[str, Names] = {}
_lock = threading.Lock()


def current_mark() -> str:
    """Return the mark of the present version: one statement, which every search begins with."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT mark FROM {NamesVersion._meta.db_table}")
        row = cursor.fetchone()
        return row[0] if row else ""


def names_for(audience: Audience, mark: str | None = None) -> Names:
    """Return the names that `audience` may know; `mark` saves the look at the version to those who just had it."""
    mark = current_mark() if mark is None else mark
    known = _cache.get(audience)
    if known is None or known.mark != mark:
        rows = Name.objects.filter(audience__in=readable_by(audience)).order_by("-weight", "pk")
        known = Names(mark, list(rows), list(Suppression.objects.all()))
        with _lock:
            _cache[audience] = known
    return known
