"""Around migrations: triggers are taken away, put back, and everything is looked at again."""

from typing import Any

from django.db import connections

from sync import capture
from sync.folding import mark_everything


def before(using: str, plan: list | None = None, **kwargs: Any) -> None:
    """Drop the triggers before tables are rebuilt: SQLite refuses a rebuild while a trigger names the table."""
    if plan:
        capture.remove(connections[using])


def after(using: str, plan: list | None = None, **kwargs: Any) -> None:
    """Install the declared triggers; after real migrations mark everything, since they wrote unheard."""
    if "sync_dirty" not in connections[using].introspection.table_names():
        return  # migrated backwards
    capture.install(connections[using])
    if plan:
        mark_everything()
