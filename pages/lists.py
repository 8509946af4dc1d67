"""Lists of countries, themes and resources: names in the reader's language, rows decided by the database."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode

from accounts.audiences import audience_of
from core.entries import Audience, registry
from core.presentation import Item
from links import related
from pages.models import CountryPage
from sync.kept import kept
from sync.presentation import items
from taxonomy.models import Country, Theme

Aside = tuple[str, list[Item], int, str]  # heading, items, how many there are, address of all
NOTHING = related.Group("", [], 0)


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


def live_lists(key: str, kinds: Sequence[str], user: Any, topic: Mapping[str, str]) -> dict[str, related.Group]:
    """Return by kind what `user` may see with the topic `key`: one statement; `topic` is its filter in searches."""
    found = related.about_all(key, kinds, user)
    return {
        kind: related.Group(
            str(related.HEADINGS[kind]), items(found[kind]), found[kind][0].total, search_url(kind=kind, **topic)
        )
        for kind in kinds
        if kind in found
    }


def beside(live: Mapping[str, related.Group], others: Iterable[related.Group] = ()) -> list[Aside]:
    """Return the lists of the side column; of a kind that has a live list, or a section of its own, no second one."""
    kinds = {*live, "resource", "question"}
    more = [group for group in others if group.items and group.items[0].kind not in kinds]
    return [(group.heading, group.items, group.total, group.url) for group in (*live.values(), *more)]


def items_of_keys(keys: Sequence[str], user: Any) -> list[Item]:
    """Return the resources of these keys that `user` may see, in their order: one statement."""
    documents = related.live(audience_of(user)).filter(related.row_is_visible(["resource"], user), key__in=keys)
    by_key = {document.key: document for document in documents}
    return items(by_key[key] for key in keys if key in by_key)


@kept
def totals(audience: Audience) -> dict[str, int]:
    """Return how many families of each kind there are, one statement."""
    kinds = related.live(audience).order_by().values("kind")
    return dict(kinds.annotate(n=Count("family", distinct=True)).values_list("kind", "n"))


def search_url(**filters: str) -> str:
    return f"{reverse('search')}?{urlencode(filters)}"
