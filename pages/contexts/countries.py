"""The list of countries, and one country."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.audiences import audience_of
from core.analysis import fold
from core.nine import BRANCHES, LABELS
from core.panels import actions_for
from core.presentation import Item
from core.visibility import visible_rows
from links import related
from pages import facts, lists
from pages.contexts.editions import as_edition, best, head
from pages.models import CountryIndexPage, CountryPage
from pages.previews import previewed_by
from sync.drain import before_read
from taxonomy.models import Country, Region

KINDS = ("resource", "question", "expert", "term")


def countries(request: HttpRequest, page: CountryIndexPage | None = None) -> dict[str, Any]:
    """Return the context of the list of countries: five statements."""
    before_read()
    user = request.user
    counts = related.topic_counts("resource", audience_of(user))
    pages = {page.country_id: page for page in best_pages(user)}
    rows = sorted(visible_rows("country", user), key=sort_key)
    listed = [
        (country, lists.country_item(country, pages.get(country.pk), counts.get(f"country:{country.pk}", 0)))
        for country in rows
    ]
    return {
        "view": "region" if request.GET.get("view") == "region" else "name",
        "with_pages": [item for country, item in listed if country.pk in pages],
        "letters": _grouped((fold(str(country))[:1].upper(), item) for country, item in listed),
        "regions": _regions(listed),
    }


def _regions(listed: Sequence[tuple[Country, Item]]) -> list[tuple[str, list[Item]]]:
    groups = dict(_grouped((country.region, item) for country, item in listed))
    labelled = [(str(label), groups[value]) for value, label in Region.choices if value in groups]
    return labelled + ([(_("No region"), groups[""])] if "" in groups else [])


def _grouped(pairs: Iterable[tuple[str, Item]]) -> list[tuple[str, list[Item]]]:
    groups: dict[str, list[Item]] = defaultdict(list)
    for name, item in pairs:
        groups[name].append(item)
    return list(groups.items())


def country(request: HttpRequest, row: Country, pages: Sequence[CountryPage]) -> dict[str, Any]:
    """Return the context of a country with the editions that the reader may see: eight statements with finding them."""
    page = best(pages)
    key = f"country:{row.pk}"
    live = lists.live_lists(key, KINDS, request.user, {"country": row.iso3})
    library = replace(live.pop("resource", lists.NOTHING), url=f"{reverse('library:list')}?country={row.iso3}")
    return {
        "key": key,
        "report_url": next((action.url for action in actions_for(key)), ""),
        "search_url": f"{reverse('search')}?country={row.iso3}",
        "country": {"name": str(row), "iso3": row.iso3, "region_label": row.get_region_display()},
        "library": library,
        "questions": live.pop("question", lists.NOTHING),
        "related": lists.beside(live, related.groups(key, request.user)),
        **head(page, pages, facts.country_years(page) if page else [], ("countries:detail", row.iso3.lower())),
        **_facts(page, library.total),
    }


def _facts(page: CountryPage | None, resources: int) -> dict[str, Any]:
    """Return what the chosen edition holds; without one, empty values. Schemes are shown where their block stands."""
    nine = page.nine if page else {}
    has_table = page is not None and any(block.block_type == "scheme_table" for block in page.body)
    schemes = list(page.schemes.all()) if has_table else []
    return {
        "named": [(b, str(LABELS[b]), nine.get(b, ""), None, None) for b in BRANCHES] if nine else [],
        "edge_states": nine,
        "schemes": [facts.scheme_row(scheme) for scheme in schemes],
        "not_recorded": facts.not_recorded(schemes) if schemes else [],
        "jumps": _jumps(page, len(schemes), resources),
    }


def _jumps(page: CountryPage | None, schemes: int, resources: int) -> list[tuple[str, str, int | None]]:
    figures = len(facts.children(page, "key_figures", "figures")) if page else 0
    events = len(facts.children(page, "timeline", "events")) if page else 0
    jumps = [
        ("figures", _("Figures"), figures),
        ("schemes", _("Schemes"), schemes),
        ("reforms", _("Reforms"), events),
        ("resources", _("Resources"), resources),
    ]
    return [jump for jump in jumps if jump[2]]


def best_pages(user: Any) -> list[CountryPage]:
    """Return the best edition of each country with a page that `user` may see: two statements."""
    editions: dict[int, list[CountryPage]] = defaultdict(list)
    pages = CountryPage.objects.visible_to(user).filter(live=True).defer("body")
    for page in pages.select_related("country").prefetch_related("schemes"):
        editions[page.country_id].append(page)
    return [page for page in map(best, editions.values()) if page]


def sort_key(country: Country) -> str:
    return fold(str(country))


def _preview(request: HttpRequest, page: CountryPage) -> dict[str, Any]:
    return country(request, page.country, [as_edition(page)])


previewed_by(CountryIndexPage, countries)
previewed_by(CountryPage, _preview)
