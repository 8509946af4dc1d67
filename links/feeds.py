"""Atom feeds of the public lists (RFC 4287), from documents, re-checked in the database.

Feeds are the public's whoever asks, so that a reader's program, a proxy and a member get the same bytes.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, QuerySet
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.analysis import clean
from core.answers import public_answer
from core.entries import registry
from core.metadata import canonical_address
from links.models import Link
from links.public import for_everybody
from links.related import HEADINGS, one_per_family
from sync.drain import before_read
from sync.models import Document
from taxonomy.models import Country, Theme

NEWEST = 50
MAX_AGE = 600  # seconds that a proxy may keep a feed
NAMED_ONLY = ("country", "theme")  # kinds of which most entries are mere names until somebody writes about them
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)  # no document is older


class Feed(Atom1Feed):
    """Atom with the language of each entry, since one feed holds several."""

    def latest_post_date(self) -> datetime:
        """Return when an entry last changed; an empty feed must not call itself changed at every look."""
        return max((item["updateddate"] for item in self.items), default=BEGINNING)

    def item_attributes(self, item: Mapping[str, Any]) -> dict[str, str]:
        return {**super().item_attributes(item), "xml:lang": item["language"]}


@require_safe
def feed(request: HttpRequest, kind: str) -> HttpResponse:
    """Answer the newest entries of a kind; `theme`, `country` and `language` narrow them as they narrow the list."""
    before_read()
    label = str(HEADINGS.get(kind, registry[kind].label))
    xml = written(request, kind, label, newest(kind, request.GET), request.META.get("QUERY_STRING", ""))
    return public_answer(request, xml, Feed.content_type, MAX_AGE)


def newest(kind: str, parameters: Any) -> list[Document]:
    """Return the documents of a feed: last changed first; of those of one day, the content's own newest first."""
    found = for_everybody(kind)
    if kind in NAMED_ONLY:
        found = found.exclude(summary="", text="")
    for model, code, values in (
        (Theme, "slug", parameters.getlist("theme")),
        (Country, "iso3", [value.upper() for value in parameters.getlist("country")]),
    ):
        if any(values):
            found = found.filter(key__in=_about(model, code, [value for value in values if value]))
    if languages := [value for value in parameters.getlist("language") if value]:
        found = found.filter(language__in=languages)
    ranked = one_per_family(found).order_by(
        TruncDate("changed_at").desc(nulls_last=True), F("date").desc(nulls_last=True), "-number"
    )
    # The numbers first: a whole text is read only of what is shown.
    numbers = list(ranked.values_list("number", flat=True)[:NEWEST])
    shown = Document.objects.filter(number__in=numbers).defer("text", "title_stems", "body_stems")
    by_number = {document.number: document for document in shown.defer("title_words", "body_words", "keys")}
    return [by_number[number] for number in numbers if number in by_number]


def _about(model: Any, code: str, values: Iterable[str]) -> QuerySet:
    """Return the keys of what is about any of these topics, or about what is below them, or about the topic itself."""
    kind = model._meta.model_name
    topics = [f"{kind}:{pk}" for pk in model.objects.filter(**{f"{code}__in": values}).values_list("pk", flat=True)]
    return Link.objects.filter(target__in=topics, how=Link.How.TOPIC, audience="public").values("source")


def written(request: HttpRequest, name: str, label: str, documents: list[Document], parameters: str) -> bytes:
    """Return the feed at `…/feed.atom` of the page above it; `name` and `parameters` tell it from others for good."""
    absolute = request.build_absolute_uri
    page = request.path.removesuffix("feed.atom")
    query = f"?{parameters}" if parameters else ""
    atom = Feed(
        title=f"GESS: {label}",
        link=absolute(page + query),
        description=None,
        subtitle=_("New and changed on GESS"),
        language=get_language(),
        feed_url=absolute(),
        feed_guid=tag(f"feed:{name}:{get_language()}:{parameters}"),
        author_name="GESS",
        author_link=absolute(reverse("home")),
    )
    for document in documents:
        atom.add_item(**_item(request, document))
    return atom.writeString("utf-8").encode()


def _item(request: HttpRequest, document: Document) -> dict[str, Any]:
    source = registry[document.kind]
    lines = [". ".join(source.metadata(document.facets)), document.summary]
    return {
        "title": clean(document.title),
        "link": request.build_absolute_uri(canonical_address(document.language, document.route)),
        "description": escape(clean("\n".join(filter(None, lines)))),  # Atom calls it HTML
        "unique_id": tag(f"{document.key}:{document.language}"),
        "unique_id_is_permalink": False,
        "updateddate": document.changed_at or BEGINNING,
        "categories": tuple(document.themes),
        "language": document.language or "und",
    }


def tag(name: str) -> str:
    """Return a permanent name of ours (RFC 4151), the same whichever host or scheme an answer came from."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:{name}"
