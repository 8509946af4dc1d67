"""Experts for tests, with only what a test does not say filled in."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from experts.choices import Level, Purpose, Section, State
from experts.models import (
    Assignment,
    Consent,
    CountryExperience,
    Education,
    Employment,
    Expertise,
    ExpertProfile,
    LanguageSkill,
    ProfileText,
    Visibility,
)
from taxonomy.models import Country, Theme

_names = count(1)


def theme(slug: str, parent: Theme | None = None) -> Theme:
    names = dict.fromkeys(("name_en", "name_fr", "name_es"), slug.replace("-", " ").capitalize())
    return Theme.objects.get_or_create(slug=slug, defaults={"parent": parent, **names})[0]


def country(iso3: str, iso2: str, name: str, region: str = "africa", french: str = "") -> Country:
    names = {"name_en": name, "name_fr": french or name, "name_es": name}
    return Country.objects.get_or_create(iso3=iso3, defaults={"iso2": iso2, "region": region, **names})[0]


def senegal() -> Country:
    return country("SEN", "SN", "Senegal", french="Sénégal")


def jordan() -> Country:
    return country("JOR", "JO", "Jordan", "arab-states")


def levels(level: str, **own: str) -> list[Visibility]:
    """Return rows that give every section this level, and the named ones their own."""
    return [Visibility(section=section, level=own.get(section, level)) for section in Section]


def assignment(title: str = "Costing of a benefit", number: int = 1, **fields: Any) -> Assignment:
    return Assignment(title=title, number=number, **{"start": "2023", "end": "2024", **fields})


def expert(
    name: str = "",
    *,
    level: str = Level.PUBLIC,
    own_levels: dict[str, str] | None = None,
    headline: str = "Helps with pensions",
    confirmed_days_ago: float | None = 30,
    consent: bool = True,
    texts: list[ProfileText] | None = None,
    assignments: list[Assignment] = (),
    positions: list[Employment] = (),
    education: list[Education] = (),
    languages: list[LanguageSkill] = (),
    expertise: list[Expertise] = (),
    experience: list[CountryExperience] = (),
    **fields: Any,
) -> ExpertProfile:
    """Return a saved profile: of a real person who agreed to be listed, open to everybody and confirmed last month."""
    confirmed = None if confirmed_days_ago is None else timezone.now() - timedelta(days=confirmed_days_ago)
    values = {"state": State.APPROVED, "first_published_at": timezone.now(), "last_confirmed_at": confirmed, **fields}
    made = ExpertProfile(name=name or f"Person {next(_names)}", **values)
    made.visibilities = levels(level, **(own_levels or {}))
    made.texts = texts if texts is not None else [ProfileText(language="en", headline=headline)]
    made.assignments, made.positions, made.education = list(assignments), list(positions), list(education)
    made.languages, made.expertise, made.experience = list(languages), list(expertise), list(experience)
    made.save()
    if consent and not made.is_sample:
        agree(made)
    return made


def sample(name: str = "", **fields: Any) -> ExpertProfile:
    return expert(name, is_sample=True, **fields)


def agree(profile: ExpertProfile, purpose: str = Purpose.DIRECTORY) -> Consent:
    return Consent.objects.create(profile=profile, purpose=purpose, version="1", text_hash="0" * 64)
