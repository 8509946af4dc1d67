"""What the page of one term shows."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import CharField, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.languages import direction
from core.nine import states_of
from core.panels import actions_for
from glossary.choices import BROADER, RelationKind, State, Status
from glossary.graph import above, chain
from glossary.headwords import Headword, around, best
from glossary.models import Collection, Concept, LanguageSection
from glossary.rules import Edge, all_edges
from glossary.sections import NAMES, Parts, head_of, in_order, parts_in_memory, row
from links.related import mentions_by_kind
from taxonomy.models import Named, Theme

COLUMNS = ("slug", "name_en", "name_fr", "name_es")
NEAR = {
    RelationKind.RELATED: gettext_lazy("Related terms"),
    RelationKind.SEE_ALSO: gettext_lazy("See also"),
    RelationKind.NOT_TO_BE_CONFUSED_WITH: gettext_lazy("Not to be confused with"),
}


def preview_context(concept: Concept, request: HttpRequest) -> dict[str, Any]:
    """Return the context for a concept that is being written: with nothing around it."""
    parts = in_order(parts_in_memory(concept))
    themes, collections = list(concept.themes.all()), list(concept.collections.all())
    return _own(concept, parts, {}, request) | _topics(themes, collections) | {"missing": [], "place": None}


def page_context(concept: Concept, parts: Sequence[Parts], request: HttpRequest) -> dict[str, Any]:
    """Return the context of `glossary/term.html`: six statements."""
    parts = in_order(parts)
    edges = all_edges()
    net = above((source, target) for source, target, kind in edges if kind in BROADER)
    way = chain(concept.pk, net)
    narrower = [source for source, target, kind in edges if target == concept.pk and kind in BROADER]
    near = _near(concept.pk, edges)
    instead = {d.replaced_by_id for _section, words in parts for d in words} | {concept.replaced_by_id}
    wanted = {*way, *narrower, *(pk for pks in near.values() for pk in pks), *instead} - {None}
    labels, neighbours = around(best(head_of(words) for _section, words in parts), wanted, request.user)

    def known(pks: Iterable[int]) -> list[Headword]:
        return [labels[pk] for pk in pks if pk in labels]

    themes, collections, without = _fetch_topics(concept)
    key = f"term:{concept.pk}"
    return {
        **_own(concept, parts, labels, request),
        **_topics(themes, collections),
        "missing": _missing(parts, without),
        "place": {"above": known(way), "narrower": sorted(known(narrower), key=lambda h: h.text.casefold())},
        "near": [(NEAR[kind], known(pks)) for kind, pks in near.items() if known(pks)],
        "neighbours": neighbours,
        "used": [
            (group.heading, group.items, group.total, f"?in={group.items[0].kind}")
            for group in mentions_by_kind(key, request.user)
        ],
        "report_url": next((action.url for action in actions_for(key)), ""),
    }


def _own(concept: Concept, parts: Sequence[Parts], labels: dict[int, Headword], request: HttpRequest) -> dict[str, Any]:
    """Return what the concept says itself."""
    rows = [row(part, labels) for part in parts]
    changed = concept.last_published_at
    return {
        "key": f"term:{concept.pk}",
        "concept": concept,
        "title": str(rows[0].head) if rows else str(concept),
        "language": rows[0].section.language if rows else "",
        "dir": direction(rows[0].section.language) if rows else "ltr",
        "rows": rows,
        "status": _("Last changed %(day)s.") % {"day": date_format(changed, "DATE_FORMAT")} if changed else "",
        "draft": not concept.live and concept.first_published_at is None,
        "deprecated": concept.status == Status.DEPRECATED,
        "replacement": labels.get(concept.replaced_by_id) if concept.replaced_by_id else None,
        "citation": _citation(concept, str(rows[0].head), request) if rows and concept.number else "",
    }


def _topics(themes: Sequence[Theme], collections: Sequence[Collection]) -> dict[str, Any]:
    return {
        "themes": [(str(theme), reverse("themes:detail", args=[theme.slug])) for theme in themes],
        "parents": [(str(c), f"{reverse('glossary:list')}?collection={c.slug}") for c in collections[:1]],
        "edge_states": states_of(theme.slug for theme in themes),
    }


def permanent_address(concept: Concept) -> str:
    """Return the address to cite, without host."""
    return reverse("glossary-id:concept", args=[concept.number])


def _citation(concept: Concept, term: str, request: HttpRequest) -> str:
    day = concept.last_published_at
    told = _("GESS glossary, “%(term)s”, entry %(number)s, %(day)s. %(url)s") if day else "“%(term)s” %(url)s"
    return told % {
        "term": term,
        "number": concept.number,
        "day": date_format(day, "DATE_FORMAT") if day else "",
        "url": request.build_absolute_uri(permanent_address(concept)),
    }


def _near(pk: int, edges: Iterable[Edge]) -> dict[str, list[int]]:
    """Return the concepts of each relation that has no direction; `related` holds for both, whoever says it."""
    found: dict[str, dict[int, None]] = {kind: {} for kind in NEAR}
    for source, target, kind in edges:
        if kind in NEAR and pk in (source, target):
            found[kind][target if source == pk else source] = None
    return {kind: list(pks) for kind, pks in found.items()}


def _missing(parts: Sequence[Parts], without: set[str]) -> list[tuple[str, bool]]:
    """Return the languages that the page lacks, and whether they are known to have no word for it."""
    present = {section.language for section, _words in parts}
    return [(code, code in without) for code in NAMES if code not in present]


def _fetch_topics(concept: Concept) -> tuple[list[Theme], list[Collection], set[str]]:
    """Return themes, collections, and the languages without equivalent: one statement for these three kinds of row."""
    parts = {"theme": Theme.objects.filter(concepts=concept), "collection": Collection.objects.filter(concepts=concept)}
    without = LanguageSection.objects.filter(concept=concept, state=State.NO_EQUIVALENT).order_by()
    empty = [Value("", CharField())] * 3
    query = without.values_list(Value("without", CharField()), Value(0), "language", *empty).union(
        *(rows.order_by().values_list(Value(kind, CharField()), "position", *COLUMNS) for kind, rows in parts.items()),
        all=True,
    )
    found: dict[str, list[Any]] = {"theme": [], "collection": [], "without": []}
    for kind, position, slug, *names in sorted(query):
        texts = dict(zip(COLUMNS, (slug, *names), strict=True))
        make: type[Named] | None = {"theme": Theme, "collection": Collection}.get(kind)
        found[kind].append(make(position=position, **texts) if make else slug)
    return found["theme"], found["collection"], set(found["without"])


def canonical_slug(parts: Sequence[Parts]) -> str:
    """Return the slug of the reader's language, else of the best other one."""
    head = best(head_of(words) for _section, words in parts)
    return head.slug if head else "term"
