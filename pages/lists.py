"""Lists of countries, themes and resources: names in the reader's language, rows decided by the database."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat, Substr
from django.urls import reverse
from django.utils.http import urlencode

from accounts.audiences import audience_of, readable_by
from core.entries import registry
from core.presentation import Item
from links import related
from links.models import Link
from pages.models import CountryPage
from pages.visibility import countries_visible_to
from sync.models import Document
from taxonomy.models import Country, Theme


def country_item(country: Country, page: CountryPage | None = None, count: int | None = None) -> Item:
    """Return what lists show of a country: its name in the reader's language, the nine of its page."""
    return Item(
        key=f"country:{country.pk}",
        kind="country",
        kind_label=str(registry["country"].label),
        title=str(country),
        url=reverse("countries:detail", args=[country.iso3.lower()]),
        nine=page.nine if page else {},
        count=count,
    )


def theme_item(theme: Theme, count: int | None = None) -> Item:
    return Item(
        key=f"theme:{theme.pk}",
        kind="theme",
        kind_label=str(registry["theme"].label),
        title=str(theme),
        url=reverse("themes:detail", args=[theme.slug]),
        count=count,
    )


def theme_items(themes: Iterable[Theme], counts: Mapping[str, int]) -> list[Item]:
    return [theme_item(theme, counts.get(f"theme:{theme.pk}", 0)) for theme in themes]


def _row_is_visible(kind: str, user: Any) -> Exists | Q:
    """Return the condition that the database shows a document's row to `user`: in the same statement as the list."""
    if kind not in registry:
        return Q(pk__in=[])
    number = Cast(Substr(OuterRef("key"), len(kind) + 2), BigIntegerField())
    return Exists(registry[kind].visible_to(user).filter(pk=number))


def about(key: str, kind: str, user: Any) -> QuerySet[Document]:
    """Return what `user` may see of `kind` with the topic `key`, newest first; each carries the `total` of them."""
    audience = audience_of(user)
    visible = _row_is_visible(kind, user)
    sources = Link.objects.filter(target=key, how=Link.How.TOPIC, audience__in=readable_by(audience)).values("source")
    documents = related.live(audience).filter(visible, kind=kind, key__in=sources).order_by()
    total = documents.values("kind").annotate(n=Count("family", distinct=True)).values("n")
    return related.about(key, kind, audience).filter(visible).annotate(total=Subquery(total))


def countries_about(key: str, user: Any) -> QuerySet[Country]:
    """Return the countries that `user` may see and whose pages have the topic `key`."""
    source = Concat(Value("country:"), Cast(OuterRef("pk"), CharField()))
    readable = readable_by(audience_of(user))
    links = Link.objects.filter(source=source, target=key, how=Link.How.TOPIC, audience__in=readable)
    return countries_visible_to(user).filter(Exists(links))


def newest(kind: str, user: Any, limit: int) -> list[Document]:
    """Return the newest documents of a kind, one per family."""
    documents = related.live(audience_of(user)).filter(_row_is_visible(kind, user), kind=kind)
    return list(related.one_per_family(documents).order_by(F("date").desc(nulls_last=True), "-number")[:limit])


def totals(user: Any) -> dict[str, int]:
    """Return how many families of each kind there are, one statement."""
    kinds = related.live(audience_of(user)).order_by().values("kind")
    return dict(kinds.annotate(n=Count("family", distinct=True)).values_list("kind", "n"))


def search_url(**filters: str) -> str:
    return f"{reverse('search')}?{urlencode(filters)}"
