"""The order of hits, where the database's engine leaves it to us."""

from collections.abc import Iterable, Sequence
from operator import attrgetter

from search.hits import Hit


def in_order(
    hits: Iterable[Hit], first: frozenset[str] = frozenset(), languages: Sequence[str] = (), sort: str = "relevance"
) -> list[Hit]:
    """Return one hit of each family, best first: exact titles and identifiers, then score, then a stable order."""
    best: dict[str, Hit] = {}  # keeps the place of a family's best hit, whichever edition stands there
    preference = {language: place for place, language in reversed([*enumerate(languages)])}
    for hit in _sorted(hits, first, sort):
        known = best.setdefault(hit.family, hit)
        if known is not hit and _place(hit, preference) < _place(known, preference):
            best[hit.family] = hit
    return list(best.values())


def _sorted(hits: Iterable[Hit], first: frozenset[str], sort: str) -> list[Hit]:
    """Sort by one thing after the other, the most important last: thousands of single keys sort faster than tuples."""
    found = sorted(hits, key=attrgetter("number"))
    if sort == "newest":
        found.sort(key=attrgetter("score"), reverse=True)
        found.sort(key=attrgetter("date"), reverse=True)
        return found
    found.sort(key=attrgetter("date"), reverse=True)
    found.sort(key=lambda hit: hit.score * hit.weight, reverse=True)
    found.sort(key=attrgetter("whole"), reverse=True)
    if first:
        found.sort(key=lambda hit: _has_one(hit.keys, first), reverse=True)
    return found


def _has_one(keys: str, tokens: frozenset[str]) -> bool:
    """Say whether one of these is among the keys; looked at as letters first, which most lack: splitting costs more."""
    return any(token in keys for token in tokens) and not tokens.isdisjoint(keys.split())


def _place(hit: Hit, preference: dict[str, int]) -> int:
    return preference.get(hit.language, len(preference))
