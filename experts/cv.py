"""A CV as readers of certain levels may know it. Entries, pages and the API say nothing else about a person.

Plain values, with keys and codes instead of names; nothing in it leads back to the profile's account.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from experts.choices import Cefr, Level, Section
from experts.models import ExpertProfile
from experts.models.parts import (
    MOTHER_TONGUE,
    Assignment,
    CountryExperience,
    Education,
    Employment,
    Expertise,
    Item,
    LanguageSkill,
    ProfileText,
)

PROFICIENCY = (*Cefr.values, MOTHER_TONGUE)  # lowest first


@dataclass(frozen=True)
class CV:
    """What certain readers may know about one expert."""

    pk: int
    public_id: str
    slug: str
    name: str
    is_sample: bool
    language: str  # of the parts that have no language of their own
    confirmed_at: datetime | None
    residence: str  # ISO 3166-1 alpha-3
    texts: tuple[ProfileText, ...]  # with empty summaries where these are not for the reader
    expertise: tuple[Expertise, ...]  # with evidence that the reader may see
    assignments: tuple[Assignment, ...]  # newest first, ongoing ones before all
    positions: tuple[Employment, ...]
    education: tuple[Education, ...]
    languages: tuple[LanguageSkill, ...]  # best first
    experience: tuple[CountryExperience, ...]

    @property
    def key(self) -> str:
        return f"expert:{self.pk}"

    @property
    def address(self) -> str:
        return reverse("experts:detail", args=[self.slug])

    @property
    def countries(self) -> tuple[str, ...]:
        """Where the expert worked: first where most assignments were."""
        named = [code for assignment in self.assignments for code in assignment.countries]
        often = sorted(dict.fromkeys(named), key=lambda code: -named.count(code))
        others = [row.country for row in (*self.experience, *self.positions) if row.country]
        return tuple(dict.fromkeys([*often, *others]))

    @property
    def theme_keys(self) -> tuple[str, ...]:
        return self._topics("theme:")

    @property
    def term_keys(self) -> tuple[str, ...]:
        own = [row.term for row in self.expertise if row.term]
        return tuple(dict.fromkeys([*own, *self._topics("term:")]))

    @property
    def cited(self) -> tuple[str, ...]:
        """Keys of the entries that the expert's claims rest on."""
        outputs = [key for assignment in self.assignments for key in assignment.outputs]
        evidence = [key for row in self.expertise for key in row.evidence if not key.startswith("assignment:")]
        return tuple(dict.fromkeys([*outputs, *evidence]))

    @property
    def spoken(self) -> tuple[str, ...]:
        """Languages with the level that all skills reach: `fr:native`, `en:C1`; `ar:` where none is stated."""
        return tuple(f"{skill.language}:{skill.overall}" for skill in self.languages)

    def _topics(self, prefix: str) -> tuple[str, ...]:
        keys = (key for assignment in self.assignments for key in assignment.topics if key.startswith(prefix))
        return tuple(dict.fromkeys(keys))


def cv_of(profile: ExpertProfile, levels: Collection[Level]) -> CV | None:
    """Return what readers of `levels` may know; None if not even the name, which managers always know.

    After `experts.parts.fetch_parts` it takes no further statement.
    """

    def kept(items: Iterable[Item]) -> Iterator[Item]:
        return (item for item in items if profile.level(item.section, item.level) in levels)

    if profile.level(Section.IDENTITY) not in levels and Level.MANAGERS not in levels:
        return None
    assignments = sorted(kept(profile.assignments.all()), key=_latest, reverse=True)
    numbers = {f"assignment:{assignment.number}" for assignment in assignments}
    return CV(
        pk=profile.pk,
        public_id=str(profile.public_id),
        slug=profile.slug,
        name=profile.name,
        is_sample=profile.is_sample,
        language=profile.language,
        confirmed_at=profile.last_confirmed_at,
        residence=profile.residence_country if profile.level(Section.RESIDENCE) in levels else "",
        texts=tuple(_text(text, profile.level(Section.SUMMARY) in levels) for text in profile.texts.all()),
        expertise=tuple(_backed(row, numbers) for row in kept(profile.expertise.all())),
        assignments=tuple(assignments),
        positions=tuple(sorted(kept(profile.positions.all()), key=_latest, reverse=True)),
        education=tuple(sorted(kept(profile.education.all()), key=lambda row: row.year or 0, reverse=True)),
        languages=tuple(sorted(kept(profile.languages.all()), key=_proficiency, reverse=True)),
        experience=tuple(kept(profile.experience.all())),
    )


def _latest(row: Assignment | Employment) -> tuple[bool, str, str]:
    """Sort what goes on after what ended, then by end and start."""
    return (not row.end, row.end, row.start)


def _proficiency(skill: LanguageSkill) -> int:
    return PROFICIENCY.index(skill.overall) if skill.overall else -1


def _text(text: ProfileText, whole: bool) -> ProfileText:
    return text if whole else ProfileText(pk=text.pk, language=text.language, headline=text.headline)


def _backed(row: Expertise, numbers: Collection[str]) -> Expertise:
    """Return the claim without evidence that points to assignments the reader may not see."""
    evidence = tuple(key for key in row.evidence if key in numbers or not key.startswith("assignment:"))
    return Expertise(
        pk=row.pk, term=row.term, topic=row.topic, mastery=row.mastery, years=row.years, last_used=row.last_used,
        evidence=evidence,
    )  # fmt: skip
