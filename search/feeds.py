"""Any search as an Atom feed: what matches, last changed first, for everybody."""

from dataclasses import replace
from urllib.parse import urlencode

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.answers import public_answer
from core.entries import registry
from links.feeds import MAX_AGE, NAMED_ONLY, NEWEST, Feed, written
from links.names import names_for
from links.public import for_everybody
from search.presentation import value_label
from search.query import FILTERS, Query, query_from
from search.results import all_ids
from sync.drain import before_read
from sync.models import Document

CANDIDATES = 2 * NEWEST  # documents asked whether everybody may see them
LONG = ("text", "title_stems", "body_stems", "title_words", "body_words", "keys")


@require_safe
def search_feed(request: HttpRequest) -> HttpResponse:
    """Answer the newest of what has all the words asked and passes the filters; sort and page do not matter."""
    before_read()
    query = query_from(dict(request.GET.lists()), "public", get_language() or "en")
    parameters = urlencode(replace(query, page=1, sort="relevance").parameters())
    xml = written(request, "search", label_of(query), last_changed(query), parameters)
    return public_answer(request, xml, Feed.content_type, MAX_AGE)


def label_of(query: Query) -> str:
    """Return what a search is called: its words, then the values of its filters."""
    names = names_for(query.audience)
    values = [
        value_label(name, value, names, query.language) for name in FILTERS for value in query.filters.get(name, ())
    ]
    words = [_("“%(text)s”") % {"text": query.text}] if query.text else []
    return " ".join(", ".join([*words, *values]).split()) or _("Everything")


def last_changed(query: Query) -> list[Document]:
    """Return the documents that match, last changed first, that a visitor may see and feeds may name now."""
    found = Document.objects.filter(id__in=all_ids(query)).exclude(kind__in=NAMED_ONLY, summary="", text="")
    order = (F("changed_at").desc(nulls_last=True), F("date").desc(nulls_last=True), "-number")
    numbers = list(found.order_by(*order).values_list("number", flat=True)[:CANDIDATES])
    shown = Q(pk__in=[])
    for source in registry:
        shown |= Q(number__in=for_everybody(source.kind).filter(number__in=numbers).values("number"))
    return list(Document.objects.filter(shown).defer(*LONG).order_by(*order)[:NEWEST])
