"""The engines behind one protocol: same tree, same hits. The database's own engine is always there."""

from django.conf import settings
from django.db import connection

from search.engines.base import DatabaseEngine, Engine
from search.engines.choice import FallbackEngine
from search.engines.elastic.engine import ElasticsearchEngine
from search.engines.elastic.replica import ElasticsearchReplica
from search.engines.postgresql import PostgreSQLEngine
from search.engines.replica import Replica
from search.engines.sqlite import SQLiteEngine


def database_engine() -> DatabaseEngine:
    """Return the engine inside this installation's database."""
    return SQLiteEngine() if connection.vendor == "sqlite" else PostgreSQLEngine()


def engine() -> Engine:
    """Return the engine of this installation; with a search engine, one that falls back on the database."""
    return FallbackEngine(ElasticsearchEngine(), database_engine()) if settings.ELASTICSEARCH_URL else database_engine()


def replica() -> Replica | None:
    """Return the search engine's copy of the documents, or None where the database alone answers searches."""
    return ElasticsearchReplica() if settings.ELASTICSEARCH_URL else None
