"""How profiles become entries: one for each language and each audience, from what that audience may know."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext, override
from django.utils.translation import gettext as _

from accounts.audiences import readable_by
from core.entries import Audience, Entry, EntrySource, Part, registry
from core.languages import language_name
from experts.choices import READABLE
from experts.cv import CV, cv_of
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
from experts.parts import fetch_parts
from links.models import Name
from taxonomy.models import Country, Theme

AUDIENCES: tuple[Audience, ...] = ("public", "members")  # staff read what members read, and no draft is searched
SHOWN = 3  # topics, and places, of one result line
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
OWN = "SELECT 'expert:' || {row}.profile_id"
EXPERTISE, ASSIGNMENTS = Expertise._meta.db_table, Assignment._meta.db_table
MONTH = datetime.timedelta(days=30.44)


class Labels:
    """What themes, countries and terms are called: three statements for any number of profiles."""

    def __init__(self, term_keys: Collection[str]) -> None:
        self.themes = {theme.pk: theme for theme in Theme.objects.all()}
        self.countries = {country.iso3: country for country in Country.objects.all()}
        self.terms: dict[tuple[str, str], list[Name]] = defaultdict(list)
        for name in Name.objects.filter(key__in=set(term_keys), is_title=True).order_by("pk"):
            self.terms[name.key, name.language].append(name)

    def term(self, key: str, language: str, audience: Audience) -> str:
        """Return a term in this language, else in English; "" if `audience` may not know it."""
        names = [*self.terms[key, language], *self.terms[key, "en"]]
        return next((name.phrase for name in names if name.audience in readable_by(audience)), "")

    def country(self, code: str, language: str) -> str:
        return self.countries[code].name_in(language) if code in self.countries else code

    def theme(self, pk: int, language: str) -> str:
        return self.themes[pk].name_in(language)

    def themes_with_ancestors(self, keys: Iterable[str]) -> list[Theme]:
        """Return the themes of these keys, then those above them, each once."""
        pks = [int(key.partition(":")[2]) for key in keys]
        found = {pk: self.themes[pk] for pk in pks if pk in self.themes}
        level = list(found.values())
        while level:
            level = [self.themes[t.parent_id] for t in level if t.parent_id and t.parent_id not in found]
            found |= {theme.pk: theme for theme in level}
        return list(found.values())


@registry.register
class ExpertEntries(EntrySource):
    """Experts who agreed to be listed, and samples. People's names are never linked: `names` is empty."""

    kind = "expert"
    label = gettext_lazy("Expert")
    model = ExpertProfile
    parts = (
        *(
            Part(model, OWN)
            for model in (
                ProfileText, Visibility, Consent, Education, Employment, Assignment, LanguageSkill, Expertise,
                CountryExperience,
            )
        ),
        Part(
            Name,  # a term got another name
            f"SELECT 'expert:' || profile_id FROM {EXPERTISE} WHERE term = {{row}}.key"
            f" UNION SELECT 'expert:' || profile_id FROM {ASSIGNMENTS}"
            " WHERE ' ' || topics || ' ' LIKE '% ' || {row}.key || ' %'",
            cause="fanout",
        ),
        Part(
            Theme,
            f"SELECT 'expert:' || profile_id FROM {ASSIGNMENTS} WHERE topics LIKE '%theme:%'",
            cause="fanout",
            columns=("slug", "parent_id", "name_en", "name_fr", "name_es"),
        ),
        Part(
            Country,
            f"SELECT 'expert:' || profile_id FROM {ASSIGNMENTS}"
            " WHERE ' ' || countries || ' ' LIKE '% ' || {row}.iso3 || ' %'",
            cause="fanout",
            columns=("name_en", "name_fr", "name_es"),
        ),
    )  # fmt: skip

    def rows(self, pks: Collection[int]) -> Iterable[ExpertProfile]:
        """Return profiles with all their parts: six statements, whatever their number."""
        profiles = fetch_parts(list(ExpertProfile.objects.filter(pk__in=pks).prefetch_related("consents")))
        keys = {row.term for profile in profiles for row in profile.expertise.all()}
        keys |= {key for profile in profiles for row in profile.assignments.all() for key in row.topics}
        labels = Labels({key for key in keys if key.startswith("term:")})
        for profile in profiles:
            profile.labels = labels
            yield profile

    def entries(self, row: ExpertProfile) -> Iterator[Entry]:
        """Yield what the public may know and, where they may know more, what members may."""
        if not row.is_kept() or not (row.is_sample or _is_fresh(row)):
            return
        public: dict[str, Entry] = {}
        for audience in AUDIENCES:
            cv = cv_of(row, READABLE[audience])
            for entry in _entries(cv, audience, row.labels) if cv else ():
                if replace(entry, audience="public") != public.get(entry.language):
                    yield entry
                public.setdefault(entry.language, entry)

    def visible_to(self, user: Any) -> QuerySet[ExpertProfile]:
        return ExpertProfile.objects.visible_to(user)

    def for_search_engines(self, visible: QuerySet[ExpertProfile]) -> QuerySet[ExpertProfile]:
        """Leave those who agreed to it: a sample is nobody."""
        return visible.for_search_engines()

    def metadata(self, facets: Mapping[str, Any]) -> list[str]:
        language = (get_language() or "en")[:2]
        language = language if language in LANGUAGES else "en"
        spoken = ", ".join(language_name(said.partition(":")[0]) for said in facets.get("spoken", ()))
        parts = [
            _("Sample") if facets.get("sample") else "",
            ", ".join(facets.get(f"topics_{language}", ())),
            ", ".join(facets.get(f"places_{language}", ())),
            _("speaks %(languages)s") % {"languages": spoken} if spoken else "",
            confirmed_ago(facets.get("confirmed", "")),
        ]
        return [part for part in parts if part]


def _is_fresh(profile: ExpertProfile) -> bool:
    lapses = profile.lapses_at(settings.EXPERT_SEARCH_DAYS)
    return lapses is not None and lapses > timezone.now()


def _entries(cv: CV, audience: Audience, labels: Labels) -> Iterator[Entry]:
    themes = labels.themes_with_ancestors(cv.theme_keys)
    facets = _facets(cv, audience, labels)
    confirmed = cv.confirmed_at
    lapses = confirmed + datetime.timedelta(days=settings.EXPERT_SEARCH_DAYS) if confirmed else None
    for text in cv.texts:
        yield Entry(
            kind="expert",
            pk=cv.pk,
            language=text.language,
            title=cv.name,
            summary="\n".join(filter(None, (text.headline, text.summary))),
            text="\n".join(_words(cv, text.language, audience, labels)),
            route=("experts:detail", cv.slug),
            family=cv.key,
            themes=tuple(theme.slug for theme in themes),
            countries=cv.countries,
            audience=audience,
            facets={**facets, "headline": text.headline},
            references=tuple(dict.fromkeys([*cv.cited, *cv.term_keys])),
            date=confirmed.date() if confirmed else None,
            until=None if cv.is_sample else lapses,
        )


def _facets(cv: CV, audience: Audience, labels: Labels) -> dict[str, Any]:
    """Return what a result line shows: names of topics and places in each language of the interface, else codes.

    Topics are the terms of the expertise; where there is none, the themes of the assignments.
    """
    found: dict[str, Any] = {"spoken": cv.spoken}
    if cv.confirmed_at:
        found["confirmed"] = cv.confirmed_at.date().isoformat()
    if cv.is_sample:
        found["sample"] = 1
    for language in LANGUAGES:
        subjects = [labels.term(row.term, language, audience) if row.term else row.topic for row in cv.expertise]
        subjects = list(filter(None, subjects)) or [
            labels.theme(theme.pk, language) for theme in labels.themes_with_ancestors(cv.theme_keys)[:SHOWN]
        ]
        found[f"topics_{language}"] = tuple(subjects[:SHOWN])
        found[f"places_{language}"] = tuple(labels.country(code, language) for code in cv.countries[:SHOWN])
    return found


def _words(cv: CV, language: str, audience: Audience, labels: Labels) -> Iterator[str]:
    """Yield the lines by which a search finds the CV."""
    for row in cv.expertise:
        yield labels.term(row.term, language, audience) if row.term else row.topic
    for assignment in cv.assignments:
        terms = (labels.term(key, language, audience) for key in assignment.topics if key.startswith("term:"))
        yield ", ".join(filter(None, (assignment.title, assignment.role, assignment.client, *terms)))
    for position in cv.positions:
        yield ", ".join(filter(None, (position.title, position.employer, position.summary)))
    for study in cv.education:
        yield ", ".join(filter(None, (study.degree, study.field, study.institution)))
    with override(language):
        yield ", ".join(language_name(skill.language) for skill in cv.languages)
    yield ", ".join(labels.country(code, language) for code in cv.countries)


def confirmed_ago(day: str) -> str:
    """Return how long ago a day was, as readers are told of confirmations; "" for none."""
    if not day:
        return ""
    passed = timezone.now().date() - datetime.date.fromisoformat(day)
    months = int(passed / MONTH)
    if months < 1:
        return _("confirmed this month")
    if months < 24:
        return ngettext("confirmed %(n)d month ago", "confirmed %(n)d months ago", months) % {"n": months}
    return ngettext("confirmed %(n)d year ago", "confirmed %(n)d years ago", months // 12) % {"n": months // 12}
