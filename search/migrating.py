"""Around migrations: the full-text index is taken away, put back and filled from the documents."""

from typing import Any

from django.db import connections

from search.engines import database_engine
from search.models import Word
from search.words import learn_everything

TABLE = "sync_document"
WORDS = "search_word"


def before(using: str, plan: list | None = None, **kwargs: Any) -> None:
    """Drop the index before the documents' table may be rebuilt."""
    if plan and TABLE in connections[using].introspection.table_names():
        database_engine().remove(connections[using])


def after(using: str, plan: list | None = None, **kwargs: Any) -> None:
    """Create the index and fill it, after migrations or where its form has changed."""
    connection = connections[using]
    if TABLE in connection.introspection.table_names() and (plan or not database_engine().is_installed(connection)):
        database_engine().install(connection)
    if WORDS in connection.introspection.table_names() and not Word.objects.using(using).exists():
        learn_everything()
