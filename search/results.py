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
from search.engines import database_engine, engine
from search.engines.base import CAP, Engine, Found, Question
from search.query import Query, parse
from search.rewriting import SHORT, Plan, languages_asked, no_meaning, rewrite
from search.snippets import beginning, marked, page_of, passage
from search.spelling import Correction, correct
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
    found: Found
    names: Names
    documents: list[Document] = field(default_factory=list)
    correction: Correction | None = None
    engine: Engine = field(default_factory=engine)  # that answered

    @property
    def degraded(self) -> bool:
        """Say that the search engine is down, and the database answered."""
        return self.engine.degraded

    @property
    def text(self) -> str:
        """Return the question that was answered."""
        return self.correction.text if self.correction and self.correction.at_once else self.query.text

    @property
    def count(self) -> int:
        return self.found.count

    @property
    def exact(self) -> bool:
        return self.found.exact

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PER_PAGE))


def search(query: Query, user: Any) -> Results:
    """Find what `query` asks for among what `user` may see. Read after `sync.drain.before_read`."""
    names = names_for(query.audience)
    chosen = engine()
    plan, found, correction = _find_corrected(query, names, chosen, (query.page - 1) * PER_PAGE, PER_PAGE + SPARE)
    candidates = _documents(found.ids, query)
    others = _other_editions(candidates, query)
    visible = {document.number for document in checked([*candidates, *others], user)}
    shown = [document for document in candidates if document.number in visible][:PER_PAGE]
    editions = _pills(document for document in others if document.number in visible)
    items = [replace(_item(document, plan), editions=editions[document.family]) for document in shown]
    return Results(query, plan, items, found, names, shown, correction, chosen)


def first_hits(query: Query, user: Any, limit: int = 100) -> list[Document]:
    """Return the first documents that a query finds, best first: for measuring, and for machines."""
    _, found, _ = _find_corrected(query, names_for(query.audience), engine(), 0, limit, few=limit)
    return checked(_documents(found.ids, query), user)


def all_ids(query: Query) -> list[str]:
    """Return the ids of all that has every word asked, one edition of each work: as the database knows it now."""
    _, found = _find(query, names_for(query.audience), database_engine(), 0, CAP, few=0)
    return found.ids


def count_without(results: Results, other: Query) -> int:
    """Return how many works `other` finds, the query of `results` with fewer filters: no statement more, as filters do
    not change what is searched for. Only that of the language does, by the forms of its words.
    """
    if other.filters.get("language", ()) != results.query.filters.get("language", ()):
        return _find_corrected(other, results.names, results.engine, 0, 1)[1].count
    if other.text and not results.plan.tree:
        return 0
    question = Question(results.plan.tree, other.audience, filters=other.filters, languages=_preferred(other), size=1)
    return results.engine.find(question).count


def _find_corrected(
    query: Query, names: Names, chosen: Engine, start: int, size: int, few: int = FEW
) -> tuple[Plan, Found, Correction | None]:
    """Search; where little has all the words, look for slips of typing, and search again if that finds more.

    If nothing had them all, or a word stands nowhere, the corrected question is answered at once; else it is offered.
    """
    plan, found = _find(query, names, chosen, start, size, few)
    little = _having_all(plan, found) < FEW
    correction = correct(query, names) if little and query.text and not query.own_words else None
    if correction is None:
        return plan, found, None
    other_plan, other = _find(replace(query, text=correction.text), names, chosen, start, size, few)
    before = _having_all(plan, found)
    if _having_all(other_plan, other) <= before:
        return plan, found, None
    if correction.unknown or not before:
        return other_plan, other, replace(correction, at_once=True, in_vain=not before)
    return plan, found, correction


def _having_all(plan: Plan, found: Found) -> int:
    """Return how many works have all the words."""
    return plan.strictly if plan.loosened else found.matched


def _find(query: Query, names: Names, chosen: Engine, start: int, size: int, few: int = FEW) -> tuple[Plan, Found]:
    """Search for all words; where fewer than `few` works have them, add what has some of them, after it.

    Of a long question some words are enough from the start, and the score alone decides; unless `few` is 0.
    """
    question = Question(
        None,
        query.audience,
        filters=query.filters,
        languages=_preferred(query),
        sort=query.sort,
        start=start,
        size=size,
    )
    clauses = parse(query.text)
    if not clauses:
        # Nothing to search for in what was typed finds nothing; no words at all means everything.
        return Plan(), (Found([]) if query.text else chosen.find(question))
    languages = languages_asked(query.language, query.filters.get("language", ()))

    def frequencies(asked: Sequence[str]) -> dict[str, int]:
        wanted = (tuple(asked), query.audience)
        return chosen.once(wanted, lambda: chosen.frequencies(*wanted))

    def found(plan: Plan, wider: Plan | None = None) -> Found:
        if not plan.tree:
            return Found([])
        asked = replace(question, tree=plan.tree, first=plan.first, title_weight=plan.title_weight)
        return chosen.find(replace(asked, wider=wider.tree) if wider else asked)

    meaning = no_meaning if query.own_words else names.meaning
    strict = rewrite(clauses, languages, meaning, frequencies)
    enough = found(strict)
    short = strict.parts <= SHORT
    if query.own_words or not few or not strict.several or short and enough.matched >= few:
        return strict, enough
    loose = rewrite(clauses, languages, meaning, frequencies, any_word=True)
    more = found(strict, loose) if short else found(loose)
    # Where filters leave nothing, the looser plan says what would be found without them.
    looser = more.count > enough.count or not more.count
    return (replace(loose, strictly=enough.matched), more) if looser else (strict, enough)


def _preferred(query: Query) -> tuple[str, ...]:
    """Return the languages of editions to show: those filtered for, then the reader's."""
    return (*query.filters.get("language", ()), query.language)


def _documents(ids: Sequence[str], query: Query) -> list[Document]:
    found = live(query.audience).in_bulk(ids, field_name="id")
    return [found[doc_id] for doc_id in ids if doc_id in found]


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
    before = len(text) - len(document.text)
    found = passage(text, document.language, plan.words)
    shown = item(
        document,
        title_html=marked(document.title, document.language, plan.words),
        snippet=found.html if found else beginning(document.summary, document.language),
    )
    page = page_of(document.text, found.start - before) if found and found.start >= before else None
    return replace(shown, page=page)
