"""Which countries and themes whom may see: those that a visible page or entry tells something about.

`taxonomy` knows neither pages nor links, so the rule stands here.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.audiences import audience_of, readable_by
from core.entries import AUDIENCES, Audience
from links.models import Link
from pages.models import CountryPage, ThemePage
from taxonomy.models import Country, Theme


def countries_visible_to(user: Any) -> QuerySet[Country]:
    """Return the countries with a page that `user` may see, or that an entry which he may read is about."""
    page = CountryPage.objects.visible_to(user).filter(country=OuterRef("pk"))
    return Country.objects.filter(Exists(page) | Exists(_topic_links("country", user)))


def themes_visible_to(user: Any) -> QuerySet[Theme]:
    """Return the themes with a page that `user` may see, or that an entry which he may read is about."""
    page = ThemePage.objects.visible_to(user).filter(theme=OuterRef("pk"))
    return Theme.objects.filter(Exists(page) | Exists(_topic_links("theme", user)))


def _topic_links(kind: str, user: Any) -> QuerySet[Link]:
    target = Concat(Value(f"{kind}:"), Cast(OuterRef("pk"), CharField()))
    return Link.objects.filter(target=target, how=Link.How.TOPIC, audience__in=readable_by(audience_of(user)))


def topic_audiences(keys: Collection[str]) -> dict[str, Audience]:
    """Return the widest audience that some entry tells about each of these keys; none tells of those left out."""
    found: dict[str, set[str]] = defaultdict(set)
    links = Link.objects.filter(target__in=keys, how=Link.How.TOPIC)
    for target, audience in links.values_list("target", "audience").distinct():
        found[target].add(audience)
    return {target: min(audiences, key=AUDIENCES.index) for target, audiences in found.items()}
