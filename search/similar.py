"""Entries like a text, and entries like an entry.

Beside an entry stands a link to what is alike, not the list itself: finding it takes as long as the rest of the page,
and few readers look.
"""

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.audiences import audience_of, readable_by
from core.entries import Audience
from core.panels import Action, register_lead, register_similar
from core.presentation import Item
from links.models import Link
from links.related import checked, live, nearest
from search.engines import engine
from search.engines.base import Question
from search.query import MAX_LENGTH, Query
from search.results import first_hits
from search.tree import Term, any_of
from sync.models import Document
from sync.presentation import item, items

SHOWN = 10
CANDIDATES = 60  # documents looked at: those that the entry's own page lists are left out
TELLING = 25  # words that are asked
COMMON = 200  # words of a text that are weighed, the most frequent first
IN_TITLE = 3  # times that a word of the title counts


@register_similar
def similar(text: str, user: Any, limit: int) -> list[Item]:
    """Return the best hits of the text taken as a question."""
    query = Query(text=text[:MAX_LENGTH], audience=audience_of(user), language=get_language() or "en")
    return items(first_hits(query, user, limit))


@register_lead
def lead_to_similar(key: str) -> Action:
    kind, _sep, pk = key.partition(":")
    return Action(_("Similar items"), reverse("similar", args=[kind, pk]))


@dataclass(frozen=True)
class Alike:
    """An entry and what is alike, best first."""

    source: Item
    items: list[Item]


def alike(key: str, user: Any) -> Alike | None:
    """Return what resembles an entry by its telling words and topics; None if `user` may not see the entry.

    Neither other editions nor what the entry's page lists already: what it names and is named by, what carries it as a
    topic, what shares the rarest topics with it.
    """
    audience, language = audience_of(user), get_language() or "en"
    editions = {document.language: document for document in live(audience).filter(key=key)}
    source = editions.get(language) or editions.get("en") or next(iter(editions.values()), None)
    if source is None:
        return None
    found = _found(source, audience, language)
    rows = live(audience).filter(id__in=found).exclude(family=source.family).exclude(_listed(key, audience))
    order = {doc_id: place for place, doc_id in enumerate(found)}
    visible = checked([source, *sorted(rows, key=lambda row: order[row.id])], user)
    if source not in visible:
        return None
    shown = [document for document in visible if document is not source][:SHOWN]
    return Alike(item(source), items(shown))


def _found(source: Document, audience: Audience, language: str) -> list[str]:
    tree = any_of(
        [
            *(Term("stems", stem) for stem in _telling_words(source, audience)),
            *(Term("keys", f"theme:{slug}") for slug in source.themes),
            *(Term("keys", f"country:{code.lower()}") for code in source.countries),
        ]
    )
    return engine().find(Question(tree, audience, languages=(language,), size=CANDIDATES)).ids if tree else []


def _telling_words(source: Document, audience: Audience) -> list[str]:
    """Return the stems that occur often here and seldom elsewhere."""
    counts = Counter(source.body_stems.split())
    counts.update(source.title_stems.split() * IN_TITLE)
    often = dict(counts.most_common(COMMON))
    known = engine().frequencies(list(often), audience)
    values = {stem: (1 + math.log(count)) / math.log(2 + known.get(stem, 0)) for stem, count in often.items()}
    return sorted((s for s in values if known.get(s, 0) > 1), key=lambda stem: (-values[stem], stem))[:TELLING]


def _listed(key: str, audience: Audience) -> Q:
    links = Link.objects.filter(audience__in=readable_by(audience))
    listed = Q(key__in=links.filter(source=key).values("target")) | Q(key__in=links.filter(target=key).values("source"))
    topic = key.startswith(("country:", "theme:"))
    return listed if topic else listed | Q(key__in=nearest(key, audience))
