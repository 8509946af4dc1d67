"""Entries like a text, for those who write one: "Look here first"."""

from typing import Any

from django.utils.translation import get_language

from accounts.audiences import audience_of
from core.panels import register_similar
from core.presentation import Item
from search.query import MAX_LENGTH, Query
from search.results import first_hits
from sync.presentation import items


@register_similar
def similar(text: str, user: Any, limit: int) -> list[Item]:
    """Return the best hits of the text taken as a question: its rarest words decide."""
    query = Query(text=text[:MAX_LENGTH], audience=audience_of(user), language=get_language() or "en")
    return items(first_hits(query, user, limit))
