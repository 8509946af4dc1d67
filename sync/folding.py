"""From changes to work: dirty rows and keys that fell due become `want + 1` in the state."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core.entries import Cause, registry
from sync.models import Dirty, State

FOLD_LIMIT = 5_000  # dirty rows taken in one short transaction

PENDING = """
SELECT EXISTS (SELECT 1 FROM sync_dirty)
    OR EXISTS (SELECT 1 FROM sync_state WHERE done < want AND NOT parked AND (retry_at IS NULL OR retry_at <= %s))
    OR EXISTS (SELECT 1 FROM sync_state WHERE due_at IS NOT NULL AND due_at <= %s),
    (SELECT mark FROM sync_generation)
"""

# A new change gives a parked key another chance, and makes a clean key as urgent as its cause.
UPSERT = """
INSERT INTO sync_state (key, want, done, since, urgent, attempts, parked, reason)
VALUES (%s, 1, 0, %s, %s, 0, %s, '')
ON CONFLICT (key) DO UPDATE SET
    want = sync_state.want + 1,
    since = CASE WHEN sync_state.done < sync_state.want AND NOT sync_state.parked AND sync_state.since IS NOT NULL
                 THEN sync_state.since ELSE excluded.since END,
    urgent = CASE WHEN sync_state.done < sync_state.want AND sync_state.urgent THEN sync_state.urgent
                  ELSE excluded.urgent END,
    due_at = NULL, attempts = 0, retry_at = NULL, parked = excluded.parked, reason = ''
"""


def is_pending() -> bool:
    """Say whether anything waits to be projected: one statement."""
    return look()[0]


def look() -> tuple[bool, str]:
    """Say whether anything waits to be projected, and under which mark pages are made now: one statement."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(PENDING, [now, now])
        pending, mark = cursor.fetchone()
        return bool(pending), mark or ""


def fold(now: datetime | None = None) -> int:
    """Turn waiting changes into work, in key order, and return how many rows and due keys were taken."""
    now = now or timezone.now()
    with transaction.atomic():
        rows = Dirty.objects.order_by("id")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        taken = list(rows.values_list("id", "key", "cause", "at")[:FOLD_LIMIT])
        since: dict[str, datetime] = dict(State.objects.filter(due_at__lte=now).values_list("key", "due_at"))
        due = len(since)
        if not taken and not due:
            return 0
        urgent = dict.fromkeys(since, False)
        for _, key, cause, at in taken:
            urgent[key] = urgent.get(key, False) or cause == "direct"
            since[key] = min(since.get(key, at), at)
        adapt = connection.ops.adapt_datetimefield_value
        with connection.cursor() as cursor:
            cursor.executemany(UPSERT, [(key, adapt(since[key]), urgent[key], False) for key in sorted(urgent)])
        Dirty.objects.filter(id__in=[row[0] for row in taken]).delete()
    return len(taken) + due


def mark(keys: list[str], cause: Cause) -> None:
    """Append keys to the waiting changes, as a trigger would."""
    Dirty.objects.bulk_create([Dirty(key=key, cause=cause) for key in sorted(set(keys))])


def mark_selected(selection: str, parameters: Sequence[Any], cause: Cause) -> None:
    """Append the keys that a SELECT gives, however many, without fetching them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO sync_dirty (key, cause) SELECT key, '{cause}' FROM ({selection}) AS selected", parameters
        )


def mark_everything() -> None:
    """Append every key that exists or was ever projected: after migrations, which no trigger hears."""
    with connection.cursor() as cursor:
        for source in registry:
            meta = source.model._meta
            cursor.execute(
                f"INSERT INTO sync_dirty (key, cause) SELECT '{source.kind}:' || {meta.pk.column}, 'fanout'"
                f' FROM "{meta.db_table}"'
            )
        cursor.execute("INSERT INTO sync_dirty (key, cause) SELECT key, 'fanout' FROM sync_state")
