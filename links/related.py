"""Lists of entries that belong to an entry, for detail pages: read from documents, decided by the database."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, RowNumber, Substr
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.audiences import audience_of, readable_by
from core.entries import Audience, registry
from core.presentation import Item
from core.visibility import RowIsVisible, rule, visible_keys
from links.models import Link
from sync.kept import kept
from sync.models import Document
from sync.presentation import items

LIMIT = 5  # entries of one kind beside a text
CANDIDATES = 60  # documents looked at for all kinds together
COMMON = 2_000  # entries that carry a topic, from which on it brings nothing near
EDITIONS = 8  # languages of one family that a list of the newest looks past
HEADINGS = {
    "resource": _("Resources"),
    "country": _("Countries"),
    "theme": _("Themes"),
    "term": _("Terms"),
    "question": _("Questions"),
    "expert": _("Experts"),
    "page": _("Pages"),
}

LONG = ("text", "title_stems", "body_stems", "title_words", "body_words", "keys")  # what no list shows


@dataclass(frozen=True)
class Group:
    """Related entries of one kind; `total` counts those not shown too."""

    heading: str
    items: list[Item]
    total: int
    url: str = ""


def live(audience: Audience) -> QuerySet[Document]:
    """Return the documents of an audience's index that are not gone."""
    return Document.objects.filter(audience=audience, gone=False)


def one_per_family(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Keep one document of each family: the reader's language, else English, else any."""
    preference = Case(
        When(language=get_language() or "en", then=Value(0)),
        When(language="en", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rank = Window(RowNumber(), partition_by=F("family"), order_by=[preference, F("number")])
    return documents.annotate(rank=rank).filter(rank=1)


def about(key: str, kind: str, audience: Audience) -> QuerySet[Document]:
    """Return the documents of `kind` that carry the topic `key` (`country:5`), newest first, one per family."""
    sources = Link.objects.filter(target=key, how=Link.How.TOPIC, audience__in=readable_by(audience))
    documents = live(audience).filter(kind=kind, key__in=sources.values("source"))
    return one_per_family(documents).order_by(F("date").desc(nulls_last=True), "title", "number")


def row_is_visible(kinds: Iterable[str], user: Any) -> Q:
    """Return the condition that a document is of one of these kinds and the database shows its row to `user`.

    Kinds that no app has registered are never met.
    """
    condition = Q(pk__in=[])
    for kind in kinds:
        if kind in registry and (found := rule(kind, user)):
            # PostgreSQL may look at the row before the kind, and a key of another kind is cut to no number.
            number = Case(When(kind=kind, then=Cast(Substr("key", len(kind) + 2), BigIntegerField())))
            condition |= Q(RowIsVisible(found, number), kind=kind)
    return condition


def about_all(key: str, kinds: Collection[str], user: Any, limit: int = LIMIT) -> dict[str, list[Document]]:
    """Return what `user` may see with the topic `key`, newest first, by kind: one statement for all kinds.

    At most `limit` of each kind; each document carries the `total` of its kind. Kinds without any are left out.
    """
    readable = readable_by(audience_of(user))
    sources = Link.objects.filter(target=key, how=Link.How.TOPIC, audience__in=readable).values("source")
    documents = live(audience_of(user)).filter(row_is_visible(kinds, user), key__in=sources).exclude(key=key)
    ranked = _ranked(documents, ["title", "number"]).filter(place__lte=limit)
    return _by_kind(ranked.defer(*LONG).order_by("kind", "place"))


def newest(kinds: Collection[str], user: Any, limit: int) -> dict[str, list[Document]]:
    """Return the newest documents of each kind that have a date, at most `limit`, by kind: one statement.

    The index says which are the newest; the rows of these alone are asked whether `user` may see them.
    """
    dated = live(audience_of(user)).filter(date__isnull=False)
    latest = Q(pk__in=[])
    for kind in kinds:
        rows = dated.filter(kind=kind).order_by("-date", "-number")
        latest |= Q(number__in=rows.values("number")[: EDITIONS * limit])
    chosen = _ranked(Document.objects.filter(latest), ["-number"]).filter(place__lte=limit).values("number")
    rows = Document.objects.filter(row_is_visible(kinds, user), number__in=chosen)
    return _by_kind(rows.defer(*LONG).order_by("kind", "-date", "-number"))


def _ranked(documents: QuerySet[Document], order: Sequence[str]) -> QuerySet[Document]:
    """Return one document of each family with its `place` in its kind, newest first, and the `total` of the kind."""
    newest_first = [F("date").desc(nulls_last=True), *order]
    return Document.objects.filter(number__in=one_per_family(documents).order_by().values("number")).annotate(
        place=Window(RowNumber(), partition_by=F("kind"), order_by=newest_first),
        total=Window(Count("*"), partition_by=F("kind")),
    )


def _by_kind(documents: Iterable[Document]) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        found[document.kind].append(document)
    return dict(found)


def of_the_day(kind: str, day: datetime.date) -> Document | None:
    """Return one public document of a kind in the reader's language: another each day, the same all day long."""
    documents = live("public").filter(kind=kind, language=get_language() or "en")
    numbered = documents.annotate(place=Window(RowNumber(), order_by=F("key").asc()), n=Window(Count("*")))
    chosen = numbered.filter(place=Value(day.toordinal()) % F("n") + 1).values("number")
    return Document.objects.filter(row_is_visible([kind], AnonymousUser()), number__in=chosen).first()


@kept
def topic_counts(kind: str, audience: Audience) -> dict[str, int]:
    """Return how many families of `kind` carry each topic, by the topic's key: one statement."""
    links = Link._meta.db_table
    documents = Document._meta.db_table
    readable = readable_by(audience)
    query = (
        f"SELECT link.target, COUNT(DISTINCT document.family) FROM {links} AS link"
        f" JOIN {documents} AS document ON document.key = link.source"
        f" WHERE link.how = 'topic' AND link.audience IN ({', '.join(['%s'] * len(readable))})"
        " AND document.audience = %s AND document.kind = %s AND NOT document.gone GROUP BY link.target"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [*readable, audience, kind])
        return dict(cursor.fetchall())


def checked(documents: Iterable[Document], user: Any) -> list[Document]:
    """Return the documents whose rows `user` may see: the index narrows, the database decides. One statement."""
    documents = list(documents)
    visible = visible_keys((document.key for document in documents), user)
    return [document for document in documents if document.key in visible]


def groups(key: str, user: Any) -> list[Group]:
    """Return what mentions `key`, what it mentions, and what shares most of its topics, by kind."""
    audience = audience_of(user)
    readable = readable_by(audience)
    how = [Link.How.MENTION, Link.How.REFERENCE, Link.How.ANSWERED]
    outward = Link.objects.filter(source=key, how__in=how, audience__in=readable).values("target")
    inward = Link.objects.filter(target=key, how__in=how, audience__in=readable).values("source")
    # What carries a topic stands in the topic's own lists.
    near = [] if key.startswith(("country:", "theme:")) else nearest(key, audience)
    documents = live(audience).filter(Q(key__in=outward) | Q(key__in=inward) | Q(key__in=near)).exclude(key=key)
    documents = one_per_family(documents).defer(*LONG)
    documents = documents.order_by("-weight", F("date").desc(nulls_last=True), "number")
    found: dict[str, list[Document]] = defaultdict(list)
    for document in checked(documents[:CANDIDATES], user):
        found[document.kind].append(document)
    order = {other: place for place, other in enumerate(near)}
    for kind_documents in found.values():
        kind_documents.sort(key=lambda d: order.get(d.key, -1))
    return [Group(heading_of(kind), items(rows[:LIMIT]), len(rows)) for kind, rows in sorted(found.items())]


def mentioning(key: str, user: Any) -> QuerySet[Document]:
    """Return the documents that mention or cite `key`, newest first, one per family, as `_ranked` gives them."""
    audience = audience_of(user)
    how = [Link.How.MENTION, Link.How.REFERENCE]
    sources = Link.objects.filter(target=key, how__in=how, audience__in=readable_by(audience)).values("source")
    documents = live(audience).filter(key__in=sources).exclude(key=key)
    return _ranked(documents, ["-weight", "number"]).defer(*LONG).order_by("kind", "place")


def mentions_by_kind(key: str, user: Any, limit: int = LIMIT) -> list[Group]:
    """Return what mentions `key`, by kind, with counts that hold what is not shown too: two statements."""
    found = _by_kind(checked(mentioning(key, user).filter(place__lte=limit), user))
    return [Group(heading_of(kind), items(rows), rows[0].total) for kind, rows in found.items()]


def heading_of(kind: str) -> str:
    """Return the heading of a list of this kind."""
    return str(HEADINGS.get(kind, registry[kind].label))


def nearest(key: str, audience: Audience, limit: int = LIMIT) -> list[str]:
    """Return the keys that share the rarest topics with `key`, best first: a topic counts less the more carry it.

    What thousands carry says next to nothing, and is looked at only where there is nothing rarer.
    """
    links = Link._meta.db_table
    readable = readable_by(audience)
    places = ", ".join(["%s"] * len(readable))
    others = (
        f"SELECT 1 FROM {links} AS other WHERE other.how = 'topic' AND other.target = own.target"
        " AND other.source <> %s LIMIT %s"
    )
    query = (
        f"WITH own AS (SELECT DISTINCT target FROM {links}"
        f" WHERE source = %s AND how = 'topic' AND audience IN ({places})),"
        f" counted AS (SELECT target, (SELECT COUNT(*) FROM ({others}) AS carriers) AS n FROM own),"
        " shared AS (SELECT target, 1.0 / n AS value, n FROM counted WHERE n > 0),"
        " worth AS (SELECT target, value FROM shared WHERE n < %s OR n = (SELECT MIN(n) FROM shared))"
        f" SELECT link.source, SUM(worth.value) AS score FROM worth JOIN {links} AS link ON link.target = worth.target"
        f" WHERE link.how = 'topic' AND link.audience IN ({places}) AND link.source <> %s"
        " GROUP BY link.source ORDER BY score DESC, link.source LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [key, *readable, key, COMMON, COMMON, *readable, key, limit])
        return [row[0] for row in cursor.fetchall()]
