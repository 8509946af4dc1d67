"""The experts that a reader's lists hold, and the filters over them, the same for pages and API.

Read from the documents of the reader's audience: what a filter, a count or an order tells is what that audience may
know. The database decides again who is listed.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from accounts.audiences import audience_of
from core.folding import fold
from experts.choices import Cefr
from experts.cv import PROFICIENCY
from experts.models import ExpertProfile
from links.related import live
from sync.models import Document
from taxonomy.models import Country

Chosen = Mapping[str, tuple[str, ...]]
LEVELS = tuple(Cefr.values)
COLUMNS = ("key", "kind", "language", "title", "route", "facets", "themes", "countries")  # what a list shows


@dataclass(frozen=True)
class Listed:
    """One expert in a list, in the edition for the reader."""

    pk: int
    document: Document
    themes: frozenset[str]
    countries: frozenset[str]
    regions: frozenset[str]
    spoken: Mapping[str, int]  # language -> place of its level in PROFICIENCY, -1 if none is stated

    @property
    def name_key(self) -> str:
        return fold(self.document.title)

    @property
    def confirmed(self) -> str:
        return self.document.facets.get("confirmed", "")


def listed_for(user: Any, countries: Mapping[str, Country]) -> list[Listed]:
    """Return all experts that `user` finds in lists: two statements."""
    editions: dict[int, list[Document]] = defaultdict(list)
    documents = live(audience_of(user)).filter(kind="expert").only(*COLUMNS)
    for document in documents:
        editions[int(document.key.partition(":")[2])].append(document)
    findable = ExpertProfile.objects.findable_by(user).order_by().values_list("pk", flat=True)
    return [_listed(pk, editions[pk], countries) for pk in findable if pk in editions]


def _listed(pk: int, editions: Collection[Document], countries: Mapping[str, Country]) -> Listed:
    wanted = get_language() or "en"
    document = min(editions, key=lambda d: (d.language != wanted, d.language != "en", d.language))
    spoken = (said.rpartition(":") for said in document.facets.get("spoken", ()))
    return Listed(
        pk=pk,
        document=document,
        themes=frozenset(document.themes),
        countries=frozenset(document.countries),
        regions=frozenset(countries[code].region for code in document.countries if code in countries) - {""},
        spoken={language: PROFICIENCY.index(level) if level else -1 for language, _, level in spoken},
    )


def least_level(chosen: Chosen) -> int:
    """Return the lowest of the chosen levels as a place in PROFICIENCY; -1 where none is chosen."""
    return min((PROFICIENCY.index(level) for level in chosen.get("level", ()) if level in PROFICIENCY), default=-1)


def speaks(expert: Listed, languages: Collection[str], least: int) -> bool:
    """Say whether the expert has one of the languages, or any if none is named, at this level or above."""
    return any(level >= least for tag, level in expert.spoken.items() if not languages or tag in languages)


TESTS: dict[str, Callable[[Listed, Chosen], bool]] = {
    "theme": lambda expert, chosen: not expert.themes.isdisjoint(chosen["theme"]),
    "country": lambda expert, chosen: not expert.countries.isdisjoint(map(str.upper, chosen["country"])),
    "region": lambda expert, chosen: not expert.regions.isdisjoint(chosen["region"]),
    "language": lambda expert, chosen: speaks(expert, chosen["language"], least_level(chosen)),
    "level": lambda expert, chosen: speaks(expert, chosen.get("language", ()), least_level(chosen)),
}
FILTERS = tuple(TESTS)


def chosen_in(parameters: Any) -> dict[str, tuple[str, ...]]:
    """Return the filters that a query string sets, each value once; levels that there are not are dropped."""
    found = {name: tuple(dict.fromkeys(filter(None, parameters.getlist(name)))) for name in FILTERS}
    found["level"] = tuple(level for level in found["level"] if level in LEVELS)
    return {name: values for name, values in found.items() if values}


def narrowed(experts: Iterable[Listed], chosen: Chosen, without: str = "") -> list[Listed]:
    """Apply the chosen filters, OR within one and AND across; except one whose own options are to be counted."""
    names = [name for name in chosen if name != without]
    return [expert for expert in experts if all(TESTS[name](expert, chosen) for name in names)]


def counts(experts: Collection[Listed], chosen: Chosen) -> dict[str, Counter[str]]:
    """Return for each filter how many experts stand behind each of its values; its own choice does not narrow them."""
    found: dict[str, Counter[str]] = {}
    least = least_level(chosen)
    for name, values_of in _VALUES.items():
        rest = {key: values for key, values in chosen.items() if key != name}
        found[name] = Counter(value for expert in narrowed(experts, rest) for value in values_of(expert, least))
    without = narrowed(experts, {key: values for key, values in chosen.items() if key != "level"})
    languages = chosen.get("language", ())
    found["level"] = Counter(
        level for expert in without for place, level in enumerate(LEVELS) if speaks(expert, languages, place)
    )
    return found


_VALUES: dict[str, Callable[[Listed, int], Iterable[str]]] = {
    "theme": lambda expert, least: expert.themes,
    "country": lambda expert, least: expert.countries,
    "region": lambda expert, least: expert.regions,
    "language": lambda expert, least: [tag for tag, level in expert.spoken.items() if level >= least],
}
