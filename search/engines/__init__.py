"""The engines behind one protocol: same tree, same hits. The database's own engine is always there."""

from django.db import connection

from search.engines.base import DatabaseEngine, Engine
from search.engines.postgresql import PostgreSQLEngine
from search.engines.replica import Replica
from search.engines.sqlite import SQLiteEngine


def database_engine() -> DatabaseEngine:
    """Return the engine inside this installation's database."""
    return SQLiteEngine() if connection.vendor == "sqlite" else PostgreSQLEngine()


def engine() -> Engine:
    """Return the engine that answers now."""
    return database_engine()


def replica() -> Replica | None:
    """Return the search engine's copy of the documents, or None where the database alone answers searches."""
    return None
