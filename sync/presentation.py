"""From documents to what lists show, in the reader's language."""

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from core.entries import registry
from core.languages import direction, language_name
from core.presentation import Item
from sync.models import Document


def item(document: Document, *, title_html: str = "", snippet: str = "", count: int | None = None) -> Item:
    """Return what a list shows of `document`; `title_html` and `snippet` are safe HTML, where marks are wanted."""
    source = registry[document.kind]
    name, *arguments = document.route
    return Item(
        key=document.key,
        kind=document.kind,
        kind_label=str(source.label),
        title=document.title,
        url=reverse(name, args=arguments),
        language=document.language,
        language_name=language_name(document.language),
        dir=direction(document.language),
        title_html=title_html or mark_safe(escape(document.title)),
        snippet=snippet,
        metadata=[*([_("Draft")] if document.facets.get("draft") else []), *source.metadata(document.facets)],
        year=document.facets.get("year"),
        nine=source.nine(document.themes, document.facets),
        count=count,
        facets=document.facets,
    )


def items(documents: Iterable[Document], counts: Mapping[str, int] | None = None) -> list[Item]:
    """Return the items of these documents, in their order; `counts` are by key."""
    return [item(document, count=(counts or {}).get(document.key)) for document in documents]
