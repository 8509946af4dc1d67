"""What GESS tells to programs that pass it on: feed readers and search engines."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast, Substr

from core.entries import registry
from links.related import live
from sync.models import Document


def for_everybody(kind: str) -> QuerySet[Document]:
    """Return the public documents of a kind whose rows the database, asked now, lets a visitor see and others name."""
    source = registry[kind]
    rows = source.for_search_engines(source.visible_to(AnonymousUser())).order_by()
    pk = Cast(Substr(OuterRef("key"), len(kind) + 2), BigIntegerField())
    return live("public").filter(Exists(rows.filter(pk=pk)), kind=kind)
