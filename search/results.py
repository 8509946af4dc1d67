"""The public search: from a query to a page of results."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse

from core.languages import language_name
from core.presentation import Item
from links.names import Names, names_for
from links.related import checked, live
from search.engines import engine
from search.engines.base import CAP, Engine, Hit
from search.facets import Faceted, facet
from search.query import Query, parse
from search.rewriting import Plan, languages_asked, no_meaning, rewrite
from search.snippets import beginning, marked, passage
from sync.models import Document
from sync.presentation import item

PER_PAGE = 20
Edition = tuple[str, str, str]  # name of the language, its tag, address
FEW = 5  # families: where fewer have all the words, those that have some are shown too
SPARE = 5  # more documents than a page shows, to fill up for those that the re-check drops


@dataclass(frozen=True)
class Results:
    """One page of results, with what was done to find them."""

    query: Query
    plan: Plan
    items: list[Item]
    count: int
    exact: bool
    faceted: Faceted
    names: Names
    documents: list[Document] = field(default_factory=list)

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PER_PAGE))


def search(query: Query, user: Any) -> Results:
    """Find what `query` asks for among what `user` may see. Read after `sync.drain.before_read`."""
    names = names_for(query.audience)
    plan, hits = _find(query, names, engine())
    faceted = facet(hits, query.filters)
    ranked = in_order(faceted.hits, plan, query)
    start = (query.page - 1) * PER_PAGE
    candidates = _documents(ranked[start : start + PER_PAGE + SPARE], query)
    others = _other_editions(candidates, query)
    visible = {document.number for document in checked([*candidates, *others], user)}
    shown = [document for document in candidates if document.number in visible][:PER_PAGE]
    editions = _pills(document for document in others if document.number in visible)
    items = [replace(_item(document, plan), editions=editions[document.family]) for document in shown]
    return Results(query, plan, items, len(ranked), len(hits) <= CAP, faceted, names, shown)


def first_hits(query: Query, user: Any, limit: int = 100) -> list[Document]:
    """Return the first documents that a query finds, best first: for measuring, and for machines."""
    plan, hits = _find(query, names_for(query.audience), engine())
    ranked = in_order(facet(hits, query.filters).hits, plan, query)
    return checked(_documents(ranked[:limit], query), user)


def _find(query: Query, names: Names, chosen: Engine) -> tuple[Plan, list[Hit]]:
    """Search for all words; where that finds little, add what has some of them, after it."""
    clauses = parse(query.text)
    if not clauses:
        # Nothing to search for in what was typed finds nothing; no words at all means everything.
        return Plan(), ([] if query.text else chosen.search(None, query.audience))
    languages = languages_asked(query.language, query.filters.get("language", ()))

    def frequencies(asked: Sequence[str]) -> dict[str, int]:
        return chosen.frequencies(asked, query.audience)

    def found(plan: Plan) -> list[Hit]:
        return chosen.search(plan.tree, query.audience, plan.title_weight) if plan.tree else []

    meaning = no_meaning if query.own_words else names.meaning
    strict = rewrite(clauses, languages, meaning, frequencies)
    hits = found(strict)
    if query.own_words or strict.parts < 2 or len({hit.family for hit in hits}) >= FEW:
        return strict, hits
    loose = rewrite(clauses, languages, meaning, frequencies, any_word=True)
    known = {hit.number for hit in hits}
    others = [replace(hit, whole=False) for hit in found(loose) if hit.number not in known]
    return (replace(loose, strictly=len({hit.family for hit in hits})), hits + others) if others else (strict, hits)


def in_order(hits: list[Hit], plan: Plan, query: Query) -> list[Hit]:
    """Return one hit of each family, best first: exact titles and identifiers, then score, then a stable order."""

    def rank(hit: Hit) -> tuple:
        exact = bool(plan.first) and not plan.first.isdisjoint(hit.keys.split())
        newest = hit.date.toordinal() if hit.date else 0
        if query.sort == "newest":
            return (-newest, -hit.score, hit.number)
        return (not exact, not hit.whole, -hit.score * hit.weight, -newest, hit.number)

    best: dict[str, Hit] = {}  # keeps the place of a family's best hit, whichever edition stands there
    for hit in sorted(hits, key=rank):
        known = best.get(hit.family)
        if known is None or _language_rank(hit, query) < _language_rank(known, query):
            best[hit.family] = hit
    return list(best.values())


def _language_rank(hit: Hit, query: Query) -> int:
    """Prefer the language filtered for, then the reader's; all others keep the better score."""
    chosen = query.filters.get("language", ())
    return 0 if hit.language in chosen else 1 if hit.language == query.language else 2


def _documents(hits: Sequence[Hit], query: Query) -> list[Document]:
    found = live(query.audience).in_bulk([hit.number for hit in hits])
    return [found[hit.number] for hit in hits if hit.number in found]


def _other_editions(documents: Sequence[Document], query: Query) -> list[Document]:
    """Return the other editions of these documents' works. Another language of the same row is no other edition."""
    others = live(query.audience).filter(family__in=[document.family for document in documents])
    others = others.exclude(key__in=[document.key for document in documents])
    return list(others.order_by("language").only("number", "key", "family", "language", "route"))


def _pills(documents: Iterable[Document]) -> dict[str, list[Edition]]:
    """Return editions by family, as links."""
    pills: dict[str, list[Edition]] = defaultdict(list)
    for document in documents:
        name, *arguments = document.route
        pills[document.family].append(
            (language_name(document.language), document.language, reverse(name, args=arguments))
        )
    return pills


def _item(document: Document, plan: Plan) -> Item:
    """Show where the words stand; where they do not, how the summary begins, which says more than a row of names."""
    text = "\n".join(part for part in (document.summary, document.text) if part)
    snippet = passage(text, document.language, plan.words) or beginning(document.summary, document.language)
    return item(document, title_html=marked(document.title, document.language, plan.words), snippet=snippet)
