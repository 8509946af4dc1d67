"""Pages by cursor: the next page begins after the last row shown, whatever came or went before it."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Expression, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce


@dataclass(frozen=True)
class Order:
    """A total order: by `value` and then by the unique `tie`, both ascending or both descending."""

    value: Expression | F
    tie: str
    descending: bool = False
    parse: Callable[[str], Any] = str  # from the cursor's text to a value; raises ValueError


NO_DAY = datetime.date.min  # resources without a date come last
NEWEST = Order(Coalesce("published_on", Value(NO_DAY)), "number", descending=True, parse=datetime.date.fromisoformat)
BY_TITLE = Order(F("title_key"), "number")
BY_NAME = Order(F("sort_key"), "pk")


@dataclass(frozen=True)
class Page:
    """Some rows, and the cursors of the pages beside them: empty at the ends."""

    rows: list[Any]
    next: str = ""
    previous: str = ""


def page(queryset: QuerySet, order: Order, cursor: str, size: int) -> Page:
    """Return the page that a cursor names: the first one for "" or for what is no cursor. One statement.

    A cursor is "a" or "b" (after, before), the row's value, a tilde, and its tie.
    """
    rows = queryset.annotate(_value=order.value)
    backwards, beyond = _beyond(order, cursor)
    descending = order.descending != backwards
    sign = "-" if descending else ""
    rows = list(rows.filter(beyond).order_by(f"{sign}_value", f"{sign}{order.tie}")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page([])
    has_next, has_previous = (True, more) if backwards else (more, bool(beyond))
    return Page(
        rows,
        next=_cursor("a", rows[-1], order) if has_next else "",
        previous=_cursor("b", rows[0], order) if has_previous else "",
    )


def _beyond(order: Order, cursor: str) -> tuple[bool, Q]:
    """Return whether the cursor leads backwards, and the condition on its page's rows: none for a first page."""
    direction, (value, _, tie) = cursor[:1], cursor[1:].rpartition("~")
    try:
        key, number = order.parse(value), int(tie)
    except ValueError:
        return False, Q()
    if direction not in ("a", "b") or not 0 <= number < 2**31:
        return False, Q()
    compare = "lt" if order.descending != (direction == "b") else "gt"
    return direction == "b", Q(**{f"_value__{compare}": key}) | Q(**{"_value": key, f"{order.tie}__{compare}": number})


def _cursor(direction: str, row: Any, order: Order) -> str:
    return f"{direction}{row._value}~{getattr(row, order.tie)}"
