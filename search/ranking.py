"""The order of hits, where the database's engine leaves it to us."""

from collections.abc import Iterable, Sequence

from search.hits import Hit


def in_order(
    hits: Iterable[Hit], first: frozenset[str] = frozenset(), languages: Sequence[str] = (), sort: str = "relevance"
) -> list[Hit]:
    """Return one hit of each family, best first: exact titles and identifiers, then score, then a stable order."""

    def rank(hit: Hit) -> tuple:
        exact = bool(first) and not first.isdisjoint(hit.keys.split())
        newest = hit.date.toordinal() if hit.date else 0
        if sort == "newest":
            return (-newest, -hit.score, hit.number)
        return (not exact, not hit.whole, -hit.score * hit.weight, -newest, hit.number)

    def preference(hit: Hit) -> int:
        return languages.index(hit.language) if hit.language in languages else len(languages)

    best: dict[str, Hit] = {}  # keeps the place of a family's best hit, whichever edition stands there
    for hit in sorted(hits, key=rank):
        known = best.get(hit.family)
        if known is None or preference(hit) < preference(known):
            best[hit.family] = hit
    return list(best.values())
