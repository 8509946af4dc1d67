"""Loads `content/resources.csv`, with the groups of editions in `content/works.csv`."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from core.loading import Loader, Problem, Report, Row, RowError, read_csv, register
from library.choices import AgentKind, ResourceType, Role, Scheme
from library.models import Agent, Contribution, Identifier, Resource, Work
from library.validators import normalised, validate_date, validate_language
from taxonomy.models import Country, Theme

INSTRUMENT = re.compile(r"[CR][1-9][0-9]{0,2}")
ET_AL = "et al."
TEXTS = ("title", "subtitle", "date", "place", "series", "pages", "language", "type", "url", "seen_at")
NAMES = {"authors": Role.AUTHOR, "corporate_author": Role.ISSUER, "publisher": Role.PUBLISHER}
KINDS = {
    Role.AUTHOR: AgentKind.PERSON,
    Role.ISSUER: AgentKind.ORGANISATION,
    Role.PUBLISHER: AgentKind.ORGANISATION,
}


@register
class ResourceLoader(Loader):
    """Resources, published as they stand in the file. What the files do not hold (summary, original) is left alone."""

    name = "resources"
    order = 30
    columns = ("id", "year", "number", "isbn", "doi", "countries", "themes", "checked", *TEXTS, *NAMES)

    def rows(self, folder: Path, report: Report) -> Iterator[Row]:
        groups = dict(self._groups(folder, report))
        for row in read_csv(folder / "resources.csv", self.columns, lambda v: v["id"], report):
            row.values["work"] = groups.pop(row.key, None)
            yield row
        for resource, (work, line) in groups.items():
            reason = f"resource {resource!r} of work {work!r} is not in resources.csv"
            report.problems.append(Problem(folder / "works.csv", line, reason))

    def _groups(self, folder: Path, report: Report) -> Iterator[tuple[str, tuple[str, int]]]:
        for row in read_csv(folder / "works.csv", ("work", "resource"), lambda v: v["resource"], report):
            yield row.key, (row.values["work"], row.line)

    def present(self) -> dict[str, Resource]:
        """Return all resources; what rows refer to is fetched once, and again at the next load."""
        self.themes = {theme.slug: theme for theme in Theme.objects.all()}
        self.countries = {country.iso3: country for country in Country.objects.all()}
        self.agents = {(agent.kind, agent.name): agent for agent in Agent.objects.all()}
        self.works = {work.key: work for work in Work.objects.exclude(key="")}
        self.contributions = defaultdict(list)
        for part in Contribution.objects.select_related("agent").order_by("sort_order", "pk"):
            self.contributions[part.resource_id].append(part)
        self.identifiers = _lists(Identifier.objects.order_by("pk").values_list("resource_id", "scheme", "raw"))
        self.theme_slugs = _lists(Resource.themes.through.objects.values_list("resource_id", "theme__slug"))
        self.country_codes = _lists(Resource.countries.through.objects.values_list("resource_id", "country__iso3"))
        return {f"b{resource.number:04}": resource for resource in Resource.objects.select_related("work")}

    def wanted(self, row: Row) -> dict[str, Any]:
        values = row.values
        authors = _parts(values["authors"])
        instrument = _instrument(values)
        identifiers = {Scheme.ISBN: values["isbn"], Scheme.DOI: values["doi"], Scheme.ILO: instrument}
        _check(values, identifiers)
        return {
            **{name: values[name] for name in TEXTS},
            "date": values["date"] or values["year"],
            "series_number": values["number"],
            "checked": values["checked"] == "yes",
            "authors": [name for name in authors if name != ET_AL],
            "authors_incomplete": ET_AL in authors,
            "corporate_author": _parts(values["corporate_author"]),
            "publisher": _parts(values["publisher"]),
            "identifiers": sorted([str(scheme), raw] for scheme, raw in identifiers.items() if raw),
            "themes": _known(values, "themes", self.themes, "a slug of themes.csv"),
            "countries": _known(values, "countries", self.countries, "an ISO 3166-1 alpha-3 code of countries.csv"),
            "work": f"ilo:{instrument.lower()}" if instrument else (values["work"] or ("",))[0],
            "published": True,
            "unpublished changes": False,
        }

    def state(self, obj: Resource) -> dict[str, Any]:
        names = defaultdict(list)
        for part in self.contributions[obj.pk]:
            names[part.role].append(part.printed)
        return {
            **{name: getattr(obj, name) for name in (*TEXTS, "series_number", "checked", "authors_incomplete")},
            **{column: names[role] for column, role in NAMES.items()},
            "identifiers": sorted([scheme, raw] for scheme, raw in self.identifiers[obj.pk]),
            "themes": sorted(slug for (slug,) in self.theme_slugs[obj.pk]),
            "countries": sorted(code for (code,) in self.country_codes[obj.pk]),
            "work": obj.work.key,
            "published": obj.live,
            "unpublished changes": obj.has_unpublished_changes,
        }

    def save(self, key: str, wanted: dict[str, Any], obj: Resource | None) -> None:
        resource = obj or Resource(number=int(key[1:]), first_published_at=timezone.now())
        for name in (*TEXTS, "series_number", "checked", "authors_incomplete"):
            setattr(resource, name, wanted[name])
        resource.last_published_at = timezone.now()
        resource.work = self._work(wanted["work"], resource)
        resource.full_clean()
        resource.contributions = [
            Contribution(sort_order=order, role=role, agent=self._agent(KINDS[role], name))
            for order, (role, name) in enumerate((r, n) for column, r in NAMES.items() for n in wanted[column])
        ]
        resource.identifiers = [Identifier(scheme=scheme, raw=raw) for scheme, raw in wanted["identifiers"]]
        for identifier in resource.identifiers.all():
            identifier.clean()
        resource.themes = [self.themes[slug] for slug in wanted["themes"]]
        resource.countries = [self.countries[code] for code in wanted["countries"]]
        resource.save()

    def _work(self, key: str, resource: Resource) -> Work:
        if key and key not in self.works:
            self.works[key] = Work.objects.create(key=key)
        if key:
            return self.works[key]
        return resource.work if resource.work_id and not resource.work.key else Work.objects.create()

    def _agent(self, kind: AgentKind, name: str) -> Agent:
        if (kind, name) not in self.agents:
            agent = Agent(kind=kind, name=name)
            agent.full_clean(validate_constraints=False)
            agent.save()
            self.agents[kind, name] = agent
        return self.agents[kind, name]


def _check(values: dict[str, str], identifiers: dict[Scheme, str]) -> None:
    """Raise RowError for what the file says wrongly, with what to write instead."""
    if not re.fullmatch(r"b[0-9]{4,}", values["id"]) or not int(values["id"][1:]):
        raise RowError(f"id {values['id']!r}: write b and at least four digits, as b0001")
    if not values["title"]:
        raise RowError("title is empty: write it as printed, or one of your own in square brackets")
    if values["type"] not in ResourceType.values:
        raise RowError(f"type {values['type']!r} is unknown: use one of {', '.join(ResourceType.values)}")
    if values["checked"] not in ("yes", "no"):
        raise RowError(f"checked is {values['checked']!r}: write yes or no")
    if values["date"] and not values["date"].startswith(values["year"]):
        raise RowError(f"date {values['date']!r} is not in the year {values['year']!r}: correct one of them")
    try:
        validate_language(values["language"])
        if date := values["date"] or values["year"]:
            validate_date(date)
        for scheme, raw in identifiers.items():
            if raw:
                normalised(scheme, raw)
    except ValidationError as error:
        raise RowError(" ".join(error.messages)) from error


def _instrument(values: dict[str, str]) -> str:
    """Return the number of an ILO Convention or Recommendation, or nothing: its editions are one work."""
    is_instrument = values["type"] == ResourceType.INTERNATIONAL_INSTRUMENT
    return values["number"] if is_instrument and INSTRUMENT.fullmatch(values["number"]) else ""


def _parts(text: str) -> list[str]:
    """Split a cell at its semicolons."""
    return [part.strip() for part in text.split(";") if part.strip()]


def _known(values: dict[str, str], column: str, known: dict[str, Any], what: str) -> list[str]:
    codes = _parts(values[column])
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise RowError(f"{column}: {', '.join(map(repr, unknown))} is unknown: use {what}")
    return sorted(set(codes))


def _lists(rows: Any) -> dict[int, list[tuple]]:
    """Group rows by their first column."""
    grouped: dict[int, list[tuple]] = defaultdict(list)
    for key, *values in rows:
        grouped[key].append(tuple(values))
    return grouped
