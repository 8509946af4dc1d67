"""Filters and their counts: read from the key tokens of the hits, the same on every engine."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from core.nine import BRANCHES
from search.hits import Hit
from search.query import FILTERS

DECADES = ("2020-", "2010-2019", "2000-2009", "1990-1999", "-1989")


def _accepts(name: str, chosen: Iterable[str]) -> Callable[[list[str]], bool]:
    """Return what says whether the key tokens of a document have one of the chosen values of a filter."""
    if name == "year":
        spans = tuple(chosen)
        return lambda tokens: any(_in_years(year, span) for year in _years(tokens) for span in spans)
    prefix = "theme" if name == "branch" else name
    wanted = {f"{prefix}:{value.lower() if name == 'country' else value}" for value in chosen}
    if name == "branch":
        wanted &= {f"theme:{branch}" for branch in BRANCHES}
    return lambda tokens: not wanted.isdisjoint(tokens)


def _years(tokens: Iterable[str]) -> list[int]:
    return [int(token[5:]) for token in tokens if token.startswith("year:")]


@lru_cache(1_000)
def span_of(text: str) -> tuple[int, int] | None:
    """Return the first and last year of "2015", "2010-2019", "2020-" or "-1989"; None if it is no such span."""
    first, dash, last = text.partition("-")
    if not all(part == "" or part.isascii() and part.isdigit() and len(part) < 6 for part in (first, last)):
        return None
    if not dash:
        return (int(first), int(first)) if first else None
    return (int(first) if first else 0), (int(last) if last else 99_999)


def _in_years(year: int, text: str) -> bool:
    span = span_of(text)
    return span is not None and span[0] <= year <= span[1]


@dataclass(frozen=True)
class Faceted:
    """Hits that pass all filters, and for each filter the counts among hits that pass the others."""

    hits: list[Hit]
    counts: dict[str, Counter[str]]


def facet(hits: Iterable[Hit], filters: Mapping[str, tuple[str, ...]]) -> Faceted:
    """Filter hits; count families, so that editions of one work count once, and siblings of a choice keep theirs."""
    accepts = {name: _accepts(name, values) for name, values in filters.items() if values}
    if not accepts:
        passed = list(hits)
        return Faceted(passed, _count(passed))
    passed = []
    failed_one: dict[str, list[Hit]] = {name: [] for name in accepts}  # hits that pass all filters but that one
    for hit in hits:
        tokens = hit.keys.split()
        failed = [name for name, accept in accepts.items() if not accept(tokens)]
        if not failed:
            passed.append(hit)
        elif len(failed) == 1:
            failed_one[failed[0]].append(hit)
    counts = _count(passed)
    for name, others in failed_one.items():
        counts[name] = _count(passed + others)[name]
    return Faceted(passed, counts)


def _count(hits: list[Hit]) -> dict[str, Counter[str]]:
    """Return in how many families each value occurs, by filter."""
    times = Counter(map(attrgetter("family"), hits))
    several: dict[str, list[list[str]]] = defaultdict(list)
    single = hits  # all their tokens at once: most families have one document, and there may be thousands
    if len(times) < len(hits):
        single = [hit for hit in hits if times[hit.family] == 1]
        for hit in hits:
            if times[hit.family] > 1:
                several[hit.family].append(hit.keys.split())
    total = Counter(" ".join(map(attrgetter("keys"), single)).split())
    for documents in several.values():
        total.update(_together(documents))
    counts: dict[str, Counter[str]] = {name: Counter() for name in FILTERS}
    for token, count in total.items():
        name, _, value = token.partition(":")
        if name == "year":
            counts[name][_decade(int(value))] += count
        elif name in counts:
            counts[name][value.upper() if name == "country" else value] = count
    counts["branch"] = Counter({branch: counts["theme"][branch] for branch in BRANCHES if counts["theme"][branch]})
    return counts


def _together(documents: list[list[str]]) -> set[str]:
    """Return the tokens of a family's documents, each once, and one year of each decade: families are counted."""
    tokens = {token for found in documents for token in found}
    decades = {_decade(year): year for year in _years(tokens)}
    return {t for t in tokens if not t.startswith("year:")} | {f"year:{year}" for year in decades.values()}


@lru_cache(1_000)
def _decade(year: int) -> str:
    return next(span for span in DECADES if _in_years(year, span))


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
