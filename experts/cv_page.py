"""What the page of one expert shows."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.audiences import audience_of, readable_by
from core.languages import language_name
from core.nine import states_of
from core.panels import actions_for
from core.presentation import Item
from experts.choices import Level, State
from experts.cv import CV, cv_of
from experts.entries import confirmed_ago
from experts.models import Assignment, Employment, Expertise, ExpertProfile, LanguageSkill, ProfileText
from experts.models.parts import SKILLS
from links.models import Link
from links.related import HEADINGS, LIMIT, checked, live, nearest, one_per_family
from sync.presentation import item
from taxonomy.models import Country, Theme

Linked = tuple[str, str]  # text and address, or ""
NAMES = ("name_en", "name_fr", "name_es")
COLUMNS = ("key", "kind", "language", "title", "route", "facets", "themes")  # what items are made of
NEAR = 12  # entries with the rarest common topics that are looked at


def page_context(profile: ExpertProfile, request: HttpRequest) -> dict[str, Any]:
    """Return the context of `experts/expert.html` for a profile that the reader sees: five statements.

    Nothing in it leads to the profile itself or to its account.
    """
    cv = cv_of(profile, profile.levels_of(request.user))
    if cv is None:
        raise PermissionError(f"{profile.slug} is not for this reader: ask visible_to first.")
    return {
        **_context(cv, request),
        "noindex": not getattr(profile, "indexable", False),
        "not_public": _not_public(profile),
        "stale": not profile.is_sample and _is_stale(profile),
    }


def preview_context(profile: ExpertProfile, request: HttpRequest) -> dict[str, Any]:
    """Return the context for an editor's preview: all of it, saved or not."""
    cv = cv_of(profile, tuple(Level))
    return {**_context(cv, request), "noindex": True, "not_public": gettext("Preview"), "stale": False}


def _context(cv: CV, request: HttpRequest) -> dict[str, Any]:
    themes, countries = _topics(cv)
    known, answered = _documents(cv, request)
    states = states_of(theme.slug for theme in themes.values())
    text = _text_for_reader(cv.texts)
    key = cv.key if cv.pk else ""

    def linked(keys: Iterable[str]) -> list[Linked]:
        return [(row.title, row.url) for row in (known.get(each) for each in keys) if row]

    def places(codes: Iterable[str]) -> list[Linked]:
        return [_place(countries[code]) for code in codes if code in countries]

    return {
        "key": key,
        "expert": cv,
        "text": text,
        "text_language_name": language_name(text.language) if text and text.language != get_language() else "",
        "confirmed": confirmed_ago(cv.confirmed_at.date().isoformat() if cv.confirmed_at else ""),
        "nine": states,
        "edge_states": states,
        "glance": [
            (str(label), values)
            for label, values in (
                (_("Topics"), [*linked(cv.term_keys), *_theme_links(themes)]),
                (_("Worked in"), places(cv.countries)),
                (_("Languages"), [(_spoken(skill), "") for skill in cv.languages]),
                (_("Based in"), places([cv.residence])),
            )
            if values
        ],
        "skills": list(filter(None, (_skill(row, cv, linked) for row in cv.expertise))),
        "assignments": [_assignment(row, places, linked) for row in cv.assignments],
        "positions": [(_period(row), row, places([row.country])) for row in cv.positions],
        "experience": [(row, places([row.country])) for row in cv.experience],
        "education": [(row, places([row.country])) for row in cv.education],
        "answers": [known[key] for key in known if key in answered],
        "related": _related(known, {*cv.term_keys, *cv.cited, *answered}),
        "report_url": next((action.url for action in actions_for(key)), "") if key else "",
    }


def _documents(cv: CV, request: HttpRequest) -> tuple[dict[str, Item], set[str]]:
    """Return what the CV cites, the terms it names, the answers given and what is near, by key; and the keys of the
    answers. Three statements.
    """
    audience = audience_of(request.user)
    near = nearest(cv.key, audience, NEAR) if cv.pk else []
    answers = Link.objects.filter(target=cv.key, how=Link.How.ANSWERED, audience__in=readable_by(audience))
    documents = live(audience).annotate(answered=Exists(answers.filter(source=OuterRef("key"))))
    wanted = Q(key__in=[*cv.cited, *cv.term_keys, *near]) | Q(key__in=answers.values("source"))
    documents = documents.filter(wanted).exclude(key=cv.key)
    shown = one_per_family(documents.only(*COLUMNS)).order_by("-weight", F("date").desc(nulls_last=True), "number")
    visible = checked(shown, request.user)
    return {row.key: item(row) for row in visible}, {row.key for row in visible if row.answered}


def _related(known: Mapping[str, Item], own: Collection[str]) -> list[tuple[str, list[Item], int, str]]:
    """Return rows of (heading, items, total, address of all) for what is near and stands nowhere else on the page."""
    kinds: dict[str, list[Item]] = defaultdict(list)
    for key, row in known.items():
        if key not in own:
            kinds[row.kind].append(row)
    return [
        (str(HEADINGS.get(kind, rows[0].kind_label)), rows[:LIMIT], len(rows), "")
        for kind, rows in sorted(kinds.items())
    ]


def _topics(cv: CV) -> tuple[dict[int, Theme], dict[str, Country]]:
    """Return the themes and countries that the CV names: one statement, since both are a code and names."""
    codes = {
        cv.residence,
        *cv.countries,
        *(row.country for row in cv.education),
        *(row.country for row in cv.positions),
    }
    pks = [int(key.partition(":")[2]) for key in cv.theme_keys]
    themes = Theme.objects.order_by().filter(pk__in=pks)
    countries = Country.objects.order_by().filter(iso3__in=codes)
    rows = themes.values_list(Value("theme", CharField()), "pk", "slug", *NAMES).union(
        countries.values_list(Value("country", CharField()), "pk", "iso3", *NAMES), all=True
    )
    found_themes, found_countries = {}, {}
    for kind, pk, code, *names in rows:
        texts = dict(zip(NAMES, names, strict=True))
        if kind == "theme":
            found_themes[pk] = Theme(pk=pk, slug=code, **texts)
        else:
            found_countries[code] = Country(pk=pk, iso3=code, **texts)
    return {pk: found_themes[pk] for pk in pks if pk in found_themes}, found_countries


def _text_for_reader(texts: Sequence[ProfileText]) -> ProfileText | None:
    """Return the edition in the reader's language, else in English, else any."""
    wanted = get_language() or "en"
    return min(texts, key=lambda text: (text.language != wanted, text.language != "en"), default=None)


def _spoken(skill: LanguageSkill) -> str:
    """Return a language with its level: "English (C1, writing B2)", "Russian (UN level III)"."""
    if skill.mother_tongue:
        level = gettext("mother tongue")
    elif skill.un_level and not skill.listening:
        level = gettext("UN level %(level)s") % {"level": skill.un_level}
    else:
        stated = {name: getattr(skill, name) for name in SKILLS if getattr(skill, name)}
        best = max(stated.values(), default="")
        lower = [f"{skill._meta.get_field(name).verbose_name} {cefr}" for name, cefr in stated.items() if cefr != best]
        level = ", ".join(filter(None, [best, *lower]))
    name = language_name(skill.language)
    return f"{name} ({level})" if level else name


def _skill(row: Expertise, cv: CV, linked: Callable[[Iterable[str]], list[Linked]]) -> dict[str, Any] | None:
    """Return a claim with what backs it; None for a term that the reader may not know."""
    subject = linked([row.term]) if row.term else [(row.topic, "")]
    if not subject:
        return None
    details = [str(row.get_mastery_display())]
    if row.years:
        details.append(ngettext("%(n)d year", "%(n)d years", row.years) % {"n": row.years})
    if row.last_used:
        details.append(gettext("last used in %(year)d") % {"year": row.last_used})
    own = {f"assignment:{assignment.number}": assignment for assignment in cv.assignments}
    evidence = [(own[key].title, f"#assignment-{own[key].number}") for key in row.evidence if key in own]
    return {
        "subject": subject[0],
        "details": ", ".join(details),
        "evidence": [*evidence, *linked(key for key in row.evidence if key not in own)],
    }


def _assignment(row: Assignment, places: Callable, linked: Callable) -> dict[str, Any]:
    return {
        "number": row.number,
        "year": (row.end or row.start)[:4],
        "years": _period(row),
        "title": row.title,
        "details": ", ".join(filter(None, (row.role, row.client))),
        "places": places(row.countries),
        "outputs": linked(row.outputs),
    }


def _period(row: Assignment | Employment) -> str:
    """Return the years of something: "2024", "2021–2022", "since 2018"; "" if they are not known."""
    start, end = row.start[:4], row.end[:4]
    if start and not row.end:
        return gettext("since %(year)s") % {"year": start}
    return start if start == end else "–".join(filter(None, (start, end)))


def _place(country: Country) -> Linked:
    return str(country), reverse("countries:detail", args=[country.iso3.lower()])


def _theme_links(themes: Mapping[int, Theme]) -> list[Linked]:
    return [(str(theme), reverse("themes:detail", args=[theme.slug])) for theme in themes.values()]


def _is_stale(profile: ExpertProfile) -> bool:
    """Say whether the confirmation is too old for lists and searches."""
    lapses = profile.lapses_at(settings.EXPERT_SEARCH_DAYS)
    return lapses is not None and lapses <= timezone.now()


def _not_public(profile: ExpertProfile) -> str:
    """Return why the public does not see this page; "" if it may."""
    if profile.state != State.APPROVED:
        return str(profile.get_state_display())
    return "" if profile.live else gettext("Not published")
