"""Resources for tests, with only what a test does not say filled in."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from library.choices import AgentKind, Role
from library.models import Agent, Contribution, Identifier, Resource
from taxonomy.models import Country, Theme


def theme(slug: str, parent: Theme | None = None) -> Theme:
    names = dict.fromkeys(("name_en", "name_fr", "name_es"), slug.replace("-", " ").capitalize())
    return Theme.objects.get_or_create(slug=slug, defaults={"parent": parent, **names})[0]


def country(iso3: str, iso2: str, name: str) -> Country:
    names = dict.fromkeys(("name_en", "name_fr", "name_es"), name)
    return Country.objects.get_or_create(iso3=iso3, defaults={"iso2": iso2, **names})[0]


def senegal() -> Country:
    return country("SEN", "SN", "Senegal")


def jordan() -> Country:
    return country("JOR", "JO", "Jordan")


def person(name: str) -> Agent:
    return Agent.objects.get_or_create(kind=AgentKind.PERSON, name=name)[0]


def organisation(name: str) -> Agent:
    return Agent.objects.get_or_create(kind=AgentKind.ORGANISATION, name=name)[0]


def resource(
    title: str = "Social protection for maternity",
    *,
    authors: Iterable[str] = (),
    issuers: Iterable[str] = (),
    publishers: Iterable[str] = (),
    identifiers: Mapping[str, str] | None = None,
    themes: Iterable[Theme] = (),
    countries: Iterable[Country] = (),
    **fields: Any,
) -> Resource:
    """Return a saved resource, published unless `live=False`."""
    made = Resource(title=title, **{"type": "report", "language": "en", "last_published_at": timezone.now(), **fields})
    parts = [(Role.AUTHOR, person(name)) for name in authors]
    parts += [(Role.ISSUER, organisation(name)) for name in issuers]
    parts += [(Role.PUBLISHER, organisation(name)) for name in publishers]
    made.contributions = [Contribution(role=role, agent=agent, sort_order=i) for i, (role, agent) in enumerate(parts)]
    made.identifiers = [Identifier(scheme=scheme, raw=raw) for scheme, raw in (identifiers or {}).items()]
    made.themes = list(themes)
    made.countries = list(countries)
    made.save()
    return made
