"""Which rows the database shows to whom, asked for many kinds in one statement.

The rule of a kind is its source's `visible_to`. It comes out the same for every visitor, so its SQL is made once; for
others it is made each time, since it may depend on who they are and on what they were given a moment ago.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet
from django.db.models.expressions import Combinable

from core.entries import registry


@dataclass(frozen=True)
class Rule:
    """A SELECT of the primary keys, as `pk`, of all rows of a kind that may be seen."""

    sql: str
    parameters: tuple[Any, ...]


def rule(kind: str, user: Any) -> Rule | None:
    """Return the rule of a kind for `user`; None if it shows nothing to him at all."""
    return _compiled(kind, user) if user.is_authenticated else rule_for_visitors(kind, connection.vendor)


@lru_cache(maxsize=64)
def rule_for_visitors(kind: str, _vendor: str) -> Rule | None:
    """Return the rule of a kind for whoever has not logged in: kept for ever, so it may not depend on the time."""
    return _compiled(kind, AnonymousUser())


def _compiled(kind: str, user: Any) -> Rule | None:
    rows = registry[kind].visible_to(user).order_by().values("pk")
    try:
        sql, parameters = rows.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None
    return Rule(sql, tuple(parameters))


def visible_keys(keys: Iterable[str], user: Any) -> set[str]:
    """Return those of the keys (`kind:pk`) whose rows `user` may see: one statement. Unknown kinds are never seen."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for key in keys:
        kind, _, pk = key.partition(":")
        if kind in registry:
            by_kind[kind].add(int(pk))
    queries, parameters = [], []
    for kind, pks in sorted(by_kind.items()):
        if found := rule(kind, user):
            places = ", ".join(["%s"] * len(pks))
            queries.append(f"SELECT '{kind}', pk FROM ({found.sql}) AS visible WHERE pk IN ({places})")
            parameters += [*found.parameters, *sorted(pks)]
    if not queries:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(queries), parameters)
        return {f"{kind}:{pk}" for kind, pk in cursor.fetchall()}


def visible_rows(kind: str, user: Any) -> QuerySet:
    """Return the rows of a kind that `user` may see: what its source's `visible_to` gives, for less."""
    rows = registry[kind].model._default_manager.all()
    found = rule(kind, user)
    return rows.filter(RowIsVisible(found, F("pk"))) if found else rows.none()


class RowIsVisible(Func):
    """The condition that a kind's rule shows the row whose primary key an expression gives."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, found: Rule, pk: Combinable) -> None:
        super().__init__(pk)
        self.rule = found

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        pk, parameters = compiler.compile(self.source_expressions[0])
        return f"EXISTS (SELECT 1 FROM ({self.rule.sql}) AS visible WHERE visible.pk = {pk})", [
            *self.rule.parameters,
            *parameters,
        ]
