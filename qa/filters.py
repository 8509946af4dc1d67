"""The filters of the list of questions: within one filter any value, across filters all."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast

from qa.choices import SnapshotState
from qa.querysets import QuestionQuerySet
from taxonomy.models import MAX_DEPTH

Chosen = Mapping[str, tuple[str, ...]]
STATES = ("answered", "open")


def _by_state(questions: QuestionQuerySet, states: tuple[str, ...], user: Any) -> QuestionQuerySet:
    wanted = set(states) & set(STATES)
    if len(wanted) == 2:
        return questions
    return questions.answered() if wanted == {"answered"} else questions.open() if wanted else questions.none()


FILTERS: dict[str, Callable[[QuestionQuerySet, tuple[str, ...], Any], QuestionQuerySet]] = {
    "state": _by_state,
    "theme": lambda questions, values, user: questions.about_theme(*values),
    "country": lambda questions, values, user: questions.about_country(*map(str.upper, values)),
    "language": lambda questions, values, user: questions.in_languages(values, user),
}


def chosen_in(parameters: Any) -> dict[str, tuple[str, ...]]:
    """Return the filters that a query string sets, each value once."""
    found = {name: tuple(dict.fromkeys(filter(None, parameters.getlist(name)))) for name in FILTERS}
    return {name: values for name, values in found.items() if values}


def narrowed(questions: QuestionQuerySet, chosen: Chosen, user: Any, without: str = "") -> QuestionQuerySet:
    """Apply the chosen filters, except one whose own options are to be counted."""
    for name, values in chosen.items():
        if name != without:
            questions = FILTERS[name](questions, values, user)
    return questions


def counts(questions: QuestionQuerySet, chosen: Chosen, user: Any) -> tuple[int, dict[str, dict[str, int]]]:
    """Return how many questions all filters leave, and for each filter how many stand behind each of its values.

    A filter's own choice does not narrow its options. One statement.
    """
    first, *others = _triples(questions, chosen, user)
    sql, parameters = first.union(*others).query.sql_with_params()
    found: dict[str, dict[str, int]] = {name: {} for name in FILTERS}
    total = 0
    with connection.cursor() as cursor:
        # The union is of different rows (facet, value, question), so counting rows counts questions.
        cursor.execute(f"SELECT facet, value, COUNT(*) FROM ({sql}) AS triples GROUP BY facet, value", parameters)
        for facet, value, count in cursor.fetchall():
            if facet == "total":
                total = count
            else:
                found[facet][value] = count
    return total, found


def _triples(questions: QuestionQuerySet, chosen: Chosen, user: Any) -> list[QuerySet]:
    def rest(name: str) -> QuestionQuerySet:
        return narrowed(questions, chosen, user, without=name)

    published = rest("language").published().filter(snapshots__state=SnapshotState.PUBLISHED)
    triples = [
        _triple(narrowed(questions, chosen, user), "total", Value("")),
        _triple(rest("state").answered(), "state", Value("answered")),
        _triple(rest("state").open(), "state", Value("open")),
        _triple(rest("country"), "country", F("countries__iso3")),
        _triple(published, "language", F("snapshots__language")),
    ]
    if user.is_authenticated:  # who reads no case reads snapshots only
        triples.append(_triple(rest("language").cases_visible_to(user), "language", F("language")))
    themed = rest("theme")
    for depth in range(MAX_DEPTH):
        triples.append(_triple(themed, "theme", F(f"themes__{'parent__' * depth}slug")))
    return triples


def _triple(questions: QuerySet, facet: str, value: F | Value) -> QuerySet:
    named = questions.order_by().annotate(
        facet=Value(facet, output_field=CharField()), value=Cast(value, output_field=CharField())
    )
    return named.filter(value__isnull=False).values_list("facet", "value", "pk")
