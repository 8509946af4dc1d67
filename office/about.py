"""The entry that a report is about, as its sender may see it."""

from typing import Any

from django.http import Http404
from django.urls import reverse

from accounts.audiences import audience_of, readable_by
from core.entries import Entry, registry
from core.languages import direction, language_name
from core.presentation import Item


def item_about(key: str, user: Any, language: str) -> Item:
    """Return the entry of this key in the reader's language or the best other one.

    Raises Http404 for what is no key, does not exist, or is not visible to `user`.
    """
    try:
        source, pk = registry.of_key(key)
    except (KeyError, ValueError) as error:
        raise Http404 from error
    # Asked of the rows, not of the index: what was hidden a moment ago is hidden.
    if not source.visible_to(user).filter(pk=pk).exists():
        raise Http404
    readable = readable_by(audience_of(user))
    entries = [entry for row in source.rows([pk]) for entry in source.entries(row) if entry.audience in readable]
    if not entries:
        raise Http404
    entry = min(entries, key=lambda entry: _distance(entry, language))
    name, *arguments = entry.route
    return Item(
        key=entry.key,
        kind=entry.kind,
        kind_label=str(source.label),
        title=entry.title,
        url=reverse(name, args=arguments),
        language=entry.language,
        language_name=language_name(entry.language),
        dir=direction(entry.language),
    )


def _distance(entry: Entry, language: str) -> tuple[bool, bool]:
    """Sort the reader's language first, then English, then any."""
    spoken = entry.language.split("-")[0]
    return spoken != language, spoken != "en"
