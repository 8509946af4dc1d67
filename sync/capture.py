"""Row triggers that record which keys a change touches, generated from the registry for SQLite and PostgreSQL.

A trigger's name carries the hash of its body, so comparing names compares declarations.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.db.backends.base.base import BaseDatabaseWrapper

from core.entries import EntrySource, Part, registry

PREFIX = "sync_capture_"
OPERATIONS = {"insert": ("NEW",), "update": ("NEW", "OLD"), "delete": ("OLD",)}


@dataclass(frozen=True)
class Trigger:
    """One trigger: its name (unique per body), its table, and the SQL that creates it."""

    name: str
    table: str
    create: tuple[str, ...]


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the database's trigger set equal to the declared one."""
    declared = {trigger.name: trigger for trigger in declared_triggers(connection.vendor)}
    present = installed_triggers(connection)
    with connection.cursor() as cursor:
        for name, table in present.items():
            if name not in declared:
                _drop(cursor, connection.vendor, name, table)
        for name, trigger in declared.items():
            if name not in present:
                for statement in trigger.create:
                    cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop all capture triggers: a migration that rebuilds a table fails while a trigger names it."""
    present = installed_triggers(connection)
    with connection.cursor() as cursor:
        for name, table in present.items():
            _drop(cursor, connection.vendor, name, table)


def difference(connection: BaseDatabaseWrapper) -> tuple[set[str], set[str]]:
    """Return the names of the triggers that are missing, and of those that should not be there."""
    declared = {trigger.name for trigger in declared_triggers(connection.vendor)}
    present = set(installed_triggers(connection))
    return declared - present, present - declared


def unheard(connection: BaseDatabaseWrapper) -> set[tuple[str, str]]:
    """Return the tables and operations that no trigger watches, though one is declared.

    Unlike `difference`, this does not look at what triggers do: during an upgrade the old code runs beside the new
    set, which hears the same tables.
    """
    present = {(table, _operation(name)) for name, table in installed_triggers(connection).items()}
    return set(_watched(connection.vendor)) - present


@cache
def _watched(vendor: str) -> frozenset[tuple[str, str]]:
    """Return the tables and operations that have a declared trigger. The registry is complete once apps are loaded."""
    return frozenset((trigger.table, _operation(trigger.name)) for trigger in declared_triggers(vendor))


def _operation(name: str) -> str:
    return name.removeprefix(PREFIX).partition("_")[0]


def installed_triggers(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return the names of the capture triggers in the database, with their tables."""
    if connection.vendor == "sqlite":
        query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name: table.strip('"') for name, table in cursor.fetchall() if name.startswith(PREFIX)}


def declared_triggers(vendor: str, sources: Iterable[EntrySource] = registry) -> list[Trigger]:
    """Return the triggers that follow from the sources' parts, one for each table and operation."""
    parts: dict[str, list[Part]] = defaultdict(list)
    for source in sources:
        for part in source.own_parts():
            parts[part.model._meta.db_table].append(part)
    make = _sqlite_triggers if vendor == "sqlite" else _postgresql_triggers
    return [trigger for table, its_parts in sorted(parts.items()) for trigger in make(table, its_parts)]


def _inserts(parts: Iterable[Part], operation: str, distinct: str) -> list[str]:
    """Return the INSERT statements that a trigger runs for one changed row."""
    statements = []
    for part in parts:
        selects = " UNION ".join(part.keys.format(row=row) for row in OPERATIONS[operation])
        changed = ""
        if operation == "update" and part.columns:
            changed = " AND (" + " OR ".join(f"NEW.{c} {distinct} OLD.{c}" for c in part.columns) + ")"
        statements.append(
            f"INSERT INTO sync_dirty (key, cause) SELECT touched.key, '{part.cause}'"
            f" FROM ({_named(selects)}) AS touched WHERE touched.key IS NOT NULL{changed};"
        )
    return statements


def _named(selects: str) -> str:
    """Name the only column of a (compound) SELECT `key`, which both databases accept."""
    return f"SELECT NULL AS key WHERE 1 = 0 UNION {selects}"


def _name(table: str, operation: str, body: str) -> str:
    digest = hashlib.sha256(body.encode()).hexdigest()[:8]
    return f"{PREFIX}{operation}_{digest}_{table}"[:63]


def _sqlite_triggers(table: str, parts: list[Part]) -> list[Trigger]:
    triggers = []
    for operation in OPERATIONS:
        body = " ".join(_inserts(parts, operation, "IS NOT"))
        name = _name(table, operation, body)
        create = f'CREATE TRIGGER {name} AFTER {operation.upper()} ON "{table}" FOR EACH ROW BEGIN {body} END'
        triggers.append(Trigger(name, table, (create,)))
    return triggers


def _postgresql_triggers(table: str, parts: list[Part]) -> list[Trigger]:
    bodies: Mapping[str, str] = {
        **{op: " ".join(_inserts(parts, op, "IS DISTINCT FROM")) for op in OPERATIONS},
        # Which rows a TRUNCATE took is not told: every known key is looked at again.
        "truncate": "INSERT INTO sync_dirty (key, cause) SELECT key, 'direct' FROM sync_state;",
    }
    triggers = []
    for operation, body in bodies.items():
        name = _name(table, operation, body)
        each = "STATEMENT" if operation == "truncate" else "ROW"
        function = (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $body$ BEGIN {body} RETURN NULL; END $body$"
        )
        create = (
            f'CREATE TRIGGER {name} AFTER {operation.upper()} ON "{table}" FOR EACH {each} EXECUTE FUNCTION {name}()'
        )
        triggers.append(Trigger(name, table, (function, create)))
    return triggers


def _drop(cursor, vendor: str, name: str, table: str) -> None:
    if vendor == "sqlite":
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
    else:
        cursor.execute(f'DROP TRIGGER IF EXISTS {name} ON "{table}"')
        cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
