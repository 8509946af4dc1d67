"""How many works each option of each filter would leave: one statement for all of them."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.functions import Cast

from library.filters import DECADES, Chosen, narrowed, years
from library.querysets import ResourceQuerySet
from sync.kept import kept
from taxonomy.models import MAX_DEPTH

TOTAL = "total"


def counts(resources: ResourceQuerySet, chosen: Chosen) -> tuple[int, dict[str, Counter[str]]]:
    """Return the number of works that all filters leave, and for each filter the works behind each of its values.

    A filter's own choice does not narrow its options. A theme counts what is filed below it too, each work once.
    """
    first, *others = _triples(resources, chosen)
    sql, parameters = first.union(*others).query.sql_with_params()
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for facet, value, count in _counted(sql, parameters):
        found[facet][value] = count
    return found.pop(TOTAL, Counter())[""], dict(found)


@kept
def _counted(triples: str, parameters: tuple[Any, ...]) -> list[tuple[str, str, int]]:
    """Count works: the union is of different rows (facet, value, work), so counting rows does."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT facet, value, COUNT(*) FROM ({triples}) AS triples GROUP BY facet, value", parameters)
        return cursor.fetchall()


def _triples(resources: ResourceQuerySet, chosen: Chosen) -> Iterator[QuerySet]:
    yield _triple(narrowed(resources, chosen), TOTAL, Value(""))
    for name, column in (("type", "type"), ("language", "language"), ("country", "countries__iso3")):
        yield _triple(narrowed(resources, chosen, without=name), name, F(column))
    themed = narrowed(resources, chosen, without="theme")
    for depth in range(MAX_DEPTH):
        yield _triple(themed, "theme", F(f"themes__{'parent__' * depth}slug"))
    yield _triple(narrowed(resources, chosen, without="year"), "year", _decade())


def _triple(resources: ResourceQuerySet, facet: str, value: F | Value | Case) -> QuerySet:
    named = resources.order_by().annotate(
        facet=Value(facet, output_field=CharField()), value=Cast(value, output_field=CharField())
    )
    return named.filter(value__isnull=False).values_list("facet", "value", "work_id")


def _decade() -> Case:
    cases = []
    for text in DECADES:
        first, last = years(text)
        cases.append(When(year__gte=first or 0, year__lte=last or 9999, then=Value(text)))
    return Case(*cases, default=None, output_field=CharField())
