"""Filters and their counts: read from the key tokens of the hits, the same on every engine."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from core.nine import BRANCHES
from search.hits import Hit
from search.query import FILTERS

DECADES = ("2020-", "2010-2019", "2000-2009", "1990-1999", "-1989")


def values_of(hit: Hit) -> dict[str, set[str]]:
    """Return the values of one hit by filter: `{"country": {"SEN"}, "theme": {...}, ...}`."""
    values: dict[str, set[str]] = defaultdict(set)
    for token in hit.keys.split():
        name, _, value = token.partition(":")
        if name == "country":
            values[name].add(value.upper())
        elif name in FILTERS:
            values[name].add(value)
    values["branch"] = values["theme"] & set(BRANCHES)
    return values


def matches(name: str, chosen: Iterable[str], values: Mapping[str, set[str]]) -> bool:
    """Say whether a hit with `values` has one of the chosen values of a filter."""
    if name == "year":
        return any(_in_years(int(year), span) for year in values["year"] for span in chosen)
    if name == "country":
        return any(code.upper() in values[name] for code in chosen)
    return any(value in values[name] for value in chosen)


def _in_years(year: int, span: str) -> bool:
    """Say whether `year` lies in "2015", "2010-2019", "2020-" or "-1989"; a malformed span holds no year."""
    first, dash, last = span.partition("-")
    if not all(part == "" or part.isascii() and part.isdigit() and len(part) < 6 for part in (first, last)):
        return False
    if not dash:
        return first != "" and int(first) == year
    return (int(first) if first else 0) <= year <= (int(last) if last else 99_999)


@dataclass(frozen=True)
class Faceted:
    """Hits that pass all filters, and for each filter the counts among hits that pass the others."""

    hits: list[Hit]
    counts: dict[str, Counter[str]]


def facet(hits: Iterable[Hit], filters: Mapping[str, tuple[str, ...]]) -> Faceted:
    """Filter hits; count families, so that editions of one work count once, and siblings of a choice keep theirs."""
    chosen = {name: values for name, values in filters.items() if values}
    passed: list[Hit] = []
    families: dict[str, dict[str, set[str]]] = {name: defaultdict(set) for name in FILTERS}
    for hit in hits:
        values = values_of(hit)
        failed = [name for name, wanted in chosen.items() if not matches(name, wanted, values)]
        if not failed:
            passed.append(hit)
        for name in FILTERS:
            if not failed or failed == [name]:
                for value in _countable(name, values):
                    families[name][value].add(hit.family)
    counts = {name: Counter({v: len(f) for v, f in found.items()}) for name, found in families.items()}
    return Faceted(passed, counts)


def _countable(name: str, values: Mapping[str, set[str]]) -> Iterable[str]:
    if name != "year":
        return values[name]
    return [span for span in DECADES if any(_in_years(int(year), span) for year in values["year"])]


def in_order(name: str, counts: Counter[str], label: Callable[[str], str]) -> list[str]:
    """Return the values of a facet as they are listed: branches and years in their own order, others by count."""
    if name == "branch":
        return [branch for branch in BRANCHES if counts[branch]]
    if name == "year":
        return [span for span in DECADES if counts[span]]
    return sorted((value for value in counts if counts[value]), key=lambda value: (-counts[value], label(value)))


def selected_first(name: str, values: list[str], chosen: Iterable[str]) -> list[str]:
    """Return the values with every chosen one among them: those without hits, or beyond the list's fold, go first."""
    folded = {value.upper() if name == "country" else value for value in chosen}
    missing = [value for value in chosen if (value.upper() if name == "country" else value) not in values]
    if name in {"branch", "year"}:
        return missing + values
    return missing + [v for v in values if v in folded] + [v for v in values if v not in folded]
