"""Says when the database does not hear every change."""

from typing import Any

from django.core.checks import CheckMessage, Warning
from django.db import connections

from sync import capture


def check_triggers(databases: list[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Compare the declared triggers with the database's. A Warning, since an Error would block `migrate`, the cure."""
    messages: list[CheckMessage] = []
    for alias in databases or []:
        if "sync_dirty" not in connections[alias].introspection.table_names():
            continue
        missing, surplus = capture.difference(connections[alias])
        if missing or surplus:
            messages.append(
                Warning(
                    f"Capture triggers differ: {len(missing)} missing, {len(surplus)} unknown.",
                    hint="Run `manage.py migrate`: it installs the declared set.",
                    id="sync.W001",
                )
            )
    return messages
