"""The engines behind one protocol: same tree, same hits. The database's own engine is always there."""

from django.db import connection

from search.engines.base import Engine
from search.engines.postgresql import PostgreSQLEngine
from search.engines.sqlite import SQLiteEngine


def engine() -> Engine:
    """Return the engine of this installation."""
    return SQLiteEngine() if connection.vendor == "sqlite" else PostgreSQLEngine()
