"""Loads the sample experts: `content/experts.csv`, and the tables of their parts beside it.

Their day of confirmation counts back from the day of loading, and is left alone afterwards.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from core.entries import registry
from core.loading import Loader, Problem, Report, Row, RowError, read_csv, register
from experts.choices import Level, Section, State
from experts.models import (
    Assignment,
    Education,
    Employment,
    Expertise,
    ExpertProfile,
    LanguageSkill,
    ProfileText,
    Visibility,
)
from experts.parts import fetch_parts
from taxonomy.models import Country, Theme

TEXTS = tuple(f"{name}_{code}" for code, _label in settings.LANGUAGES for name in ("headline", "summary"))
COLUMNS = ("slug", "name", "residence", "language", "confirmed", "sample", *TEXTS)
FILES: Mapping[str, tuple[str, ...]] = {
    "positions": ("expert", "start", "end", "title", "employer", "country", "summary"),
    "education": ("expert", "year", "degree", "field", "institution", "country"),
    "assignments": ("expert", "number", "start", "end", "title", "role", "client", "countries", "themes", "concepts"),
    "languages": (
        "expert", "language", "mother_tongue", "listening", "reading", "interaction", "production", "writing",
        "un_level",
    ),
    "expertise": ("expert", "concept", "topic", "mastery", "years", "last_used", "evidence"),
}  # fmt: skip
MODELS: Mapping[str, type[Model]] = {
    "texts": ProfileText, "positions": Employment, "education": Education, "assignments": Assignment,
    "languages": LanguageSkill, "expertise": Expertise,
}  # fmt: skip
# What of each part the file says, in its order.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "texts": ("language", "headline", "summary"),
    "positions": ("start", "end", "title", "employer", "country", "summary"),
    "education": ("year", "degree", "field", "institution", "country"),
    "assignments": ("number", "start", "end", "title", "role", "client", "countries", "topics"),
    "languages": FILES["languages"][1:],
    "expertise": ("term", "topic", "mastery", "years", "last_used", "evidence"),
}
MONTH = timedelta(days=30.44)


@register
class SampleExpertLoader(Loader):
    """Sample experts, approved and open to everybody. People who are real are never loaded from files."""

    name = "experts"
    order = 50

    def rows(self, folder: Path, report: Report) -> Iterator[Row]:
        parts = {name: self._parts(folder / f"experts_{name}.csv", name, report) for name in FILES}
        for row in read_csv(folder / "experts.csv", COLUMNS, lambda values: values["slug"], report):
            row.values["parts"] = {
                name: [part.values for part in found.pop(row.key, ())] for name, found in parts.items()
            }
            yield row
        for found in parts.values():
            for slug, rows in found.items():
                reason = f"expert {slug!r} is not in experts.csv"
                report.problems += [Problem(row.file, row.line, reason) for row in rows]

    def _parts(self, path: Path, name: str, report: Report) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in read_csv(path, FILES[name], lambda values: " ".join(values.values()), report):
            found[row.values["expert"]].append(row)
        return found

    def present(self) -> dict[str, ExpertProfile]:
        """Return the samples; what rows refer to is fetched once, and again at the next load."""
        self.confirmed: dict[str, timedelta] = {}
        self.countries = set(Country.objects.values_list("iso3", flat=True))
        self.themes = {slug: f"theme:{pk}" for slug, pk in Theme.objects.values_list("slug", "pk")}
        self.terms = _keys_by_number("term")
        samples = list(ExpertProfile.objects.filter(is_sample=True))
        return {profile.slug: profile for profile in fetch_parts(samples)} if samples else {}

    def wanted(self, row: Row) -> dict[str, Any]:
        values, parts = row.values, row.values["parts"]
        if values["sample"] != "yes":
            raise RowError("sample must be yes: people who are real are not loaded from files")
        if not values["confirmed"].isdecimal():
            raise RowError(f"confirmed {values['confirmed']!r}: write before how many months, as 5")
        self._country(values["residence"])
        self.confirmed[row.key] = MONTH * int(values["confirmed"])
        return {
            "name": values["name"],
            "residence_country": values["residence"],
            "language": values["language"],
            "state": str(State.APPROVED),
            "published": True,
            "levels": {str(section): str(Level.PUBLIC) for section in Section},
            "texts": [
                {"language": code, "headline": values[f"headline_{code}"], "summary": values[f"summary_{code}"]}
                for code, _label in settings.LANGUAGES
                if values[f"headline_{code}"]
            ],
            "positions": [self._position(part) for part in parts["positions"]],
            "education": [{**_own(part), "year": _number(part, "year")} for part in parts["education"]],
            "assignments": [self._assignment(part) for part in parts["assignments"]],
            "languages": [
                {**_own(part), "mother_tongue": part["mother_tongue"] == "yes"} for part in parts["languages"]
            ],
            "expertise": [self._expertise(part, parts["assignments"]) for part in parts["expertise"]],
        }

    def state(self, obj: ExpertProfile) -> dict[str, Any]:
        return {
            **{name: getattr(obj, name) for name in ("name", "residence_country", "language", "state")},
            "published": obj.live and not obj.has_unpublished_changes,
            "levels": {row.section: row.level for row in obj.visibilities.all()},
            **{
                name: [{field: _plain(getattr(part, field)) for field in fields} for part in getattr(obj, name).all()]
                for name, fields in FIELDS.items()
            },
        }

    def save(self, key: str, wanted: dict[str, Any], obj: ExpertProfile | None) -> None:
        now = timezone.now()
        profile = obj or ExpertProfile(slug=key, is_sample=True, first_published_at=now)
        if obj is None:
            profile.confirm(now - self.confirmed[key])
        for name in ("name", "residence_country", "language", "state"):
            setattr(profile, name, wanted[name])
        profile.last_published_at = now
        profile.visibilities = [Visibility(section=name, level=level) for name, level in wanted["levels"].items()]
        for name, model in MODELS.items():
            parts = [model(sort_order=place, **values) for place, values in enumerate(wanted[name])]
            for part in parts:
                part.clean_fields(exclude=["profile"])
                part.clean()
            setattr(profile, name, parts)
        profile.full_clean(exclude=["slug"])
        profile.save()

    def _country(self, code: str) -> str:
        if code and code not in self.countries:
            raise RowError(f"country {code!r} is unknown: use an ISO 3166-1 alpha-3 code of countries.csv")
        return code

    def _position(self, part: dict[str, str]) -> dict[str, Any]:
        return {**_own(part), "country": self._country(part["country"])}

    def _assignment(self, part: dict[str, str]) -> dict[str, Any]:
        values = {name: part[name] for name in ("start", "end", "title", "role", "client")}
        topics = _known(part, "themes", self.themes, "a slug of themes.csv")
        topics += _known(part, "concepts", self.terms, "a number of the glossary")
        countries = [self._country(code) for code in dict.fromkeys(part["countries"].split(";")) if code]
        return {**values, "number": _number(part, "number"), "countries": countries, "topics": topics}

    def _expertise(self, part: dict[str, str], assignments: Collection[dict[str, str]]) -> dict[str, Any]:
        known = {f"assignment:{assignment['number']}": "" for assignment in assignments}
        _known(part, "evidence", known, "assignment: and the number of one of the expert's assignments")
        return {
            "term": next(iter(_known(part, "concept", self.terms, "a number of the glossary")), ""),
            "topic": part["topic"],
            "mastery": part["mastery"],
            "years": _number(part, "years"),
            "last_used": _number(part, "last_used"),
            "evidence": [key for key in part["evidence"].split(";") if key],
        }


def _keys_by_number(kind: str) -> dict[str, str]:
    """Return the keys of a kind's entries by the numbers that people cite; none where no app offers the kind."""
    if kind not in registry:
        return {}
    rows = registry[kind].model._default_manager.values_list("number", "pk")
    return {str(number): f"{kind}:{pk}" for number, pk in rows}


def _own(part: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name != "expert"}


def _known(part: dict[str, str], column: str, known: Mapping[str, str], what: str) -> list[str]:
    codes = [code for code in dict.fromkeys(part[column].split(";")) if code]
    if unknown := [code for code in codes if code not in known]:
        raise RowError(f"{column}: {', '.join(map(repr, unknown))} is unknown: use {what}")
    return [known[code] for code in codes]


def _number(part: dict[str, str], column: str) -> int | None:
    if part[column] and not part[column].isdecimal():
        raise RowError(f"{column} {part[column]!r} is no number")
    return int(part[column]) if part[column] else None


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
