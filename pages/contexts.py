"""What the templates of home, countries and themes get: the same for readers and for editors' previews."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.audiences import audience_of
from core.analysis import fold
from core.languages import language_name
from core.nine import BRANCHES, LABELS
from core.panels import actions_for
from core.presentation import Item
from links import related
from pages import facts, lists
from pages.models import CountryIndexPage, CountryPage, HomePage
from pages.previews import previewed_by
from pages.visibility import countries_visible_to, themes_visible_to
from sync.drain import before_read
from sync.presentation import items
from taxonomy.models import Country, Region, Theme

NEW = 5  # resources on the home page
SHOWN = 5  # resources on the page of a country or theme
STALE_YEARS = 10  # older facts are pointed out
EXAMPLES = [("maternity benefits", "en"), ("socles de protection sociale", "fr"), ("pensiones de vejez", "es")]


def home(request: HttpRequest, page: HomePage | None = None) -> dict[str, Any]:
    """Return the context of the home page: seven statements."""
    before_read()
    user = request.user
    counts = related.topic_counts("resource", audience_of(user))
    themes = list(themes_visible_to(user).select_related("parent"))
    families = lists.totals(user)
    totals = {"resources": families.get("resource", 0), "countries": families.get("country", 0), "themes": len(themes)}
    return {
        "page": page,
        "branches": _branches(themes, counts),
        "countries": [lists.country_item(p.country, p) for p in _by_name(best_pages(user))],
        "themes": lists.theme_items((t for t in themes if t.parent_id and t.slug not in BRANCHES), counts),
        "new_resources": items(lists.newest("resource", user, NEW)),
        "examples": [(text, language, lists.search_url(q=text)) for text, language in EXAMPLES],
        "totals": totals,
    }


def _branches(themes: Iterable[Theme], counts: dict[str, int]) -> list[tuple]:
    """Return the nine named teeth, each with the number of its resources; no address for a branch without anything."""
    by_slug = {theme.slug: theme for theme in themes}
    rows = []
    for branch in BRANCHES:
        theme = by_slug.get(branch)
        url = reverse("themes:detail", args=[branch]) if theme else None
        rows.append((branch, str(LABELS[branch]), "full", counts.get(f"theme:{theme.pk}", 0) if theme else 0, url))
    return rows


def countries(request: HttpRequest, page: CountryIndexPage | None = None) -> dict[str, Any]:
    """Return the context of the list of countries: five statements."""
    before_read()
    user = request.user
    counts = related.topic_counts("resource", audience_of(user))
    pages = {page.country_id: page for page in best_pages(user)}
    rows = sorted(countries_visible_to(user), key=_sort_key)
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
    resources = list(lists.about(key, "resource", request.user)[:SHOWN])
    total = resources[0].total if resources else 0
    return {
        "key": key,
        "report_url": next((action.url for action in actions_for(key)), ""),
        "country": {"name": str(row), "iso3": row.iso3, "region_label": row.get_region_display()},
        "resources": items(resources),
        "resources_count": total,
        "resources_url": f"{reverse('library:list')}?country={row.iso3}",
        "related": _related(key, request),
        "editions": _editions(row, pages, page),
        **_page_context(page, total),
    }


def _page_context(page: CountryPage | None, resources: int) -> dict[str, Any]:
    """Return what the chosen edition gives; without one, empty values."""
    schemes = list(page.schemes.all()) if page else []
    nine = page.nine if page else {}
    return {
        "page": page,
        "edition_notice": _edition_notice(page),
        "named": [(b, str(LABELS[b]), nine.get(b, ""), None, None) for b in BRANCHES] if nine else [],
        "edge_states": nine,
        "schemes": [facts.scheme_row(scheme) for scheme in schemes],
        "not_recorded": facts.not_recorded(schemes) if schemes else [],
        "jumps": _jumps(page, len(schemes), resources),
        **(_status(page) if page else {}),
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


def _status(page: CountryPage) -> dict[str, str]:
    """Return how old the facts are; old ones are pointed out."""
    years = facts.fact_years(page)
    if not years:
        return {}
    stale = years[0] <= datetime.date.today().year - STALE_YEARS
    return {
        "status": _("Figures to %(year)s.") % {"year": years[-1]},
        "stale": _("Some facts are from %(year)s.") % {"year": years[0]} if stale else "",
    }


def _edition_notice(page: CountryPage | None) -> str:
    if page is None:
        return ""
    if not page.live:
        return _("Draft, not published yet: only staff see this page.")
    if page.locale.language_code == get_language():
        return ""
    return _("This page is in %(language)s: there is no edition in %(wanted)s yet.") % {
        "language": language_name(page.locale.language_code),
        "wanted": language_name(get_language() or "en"),
    }


def _editions(row: Country, pages: Sequence[CountryPage], shown: CountryPage | None) -> list[tuple]:
    """Return (name, language, address or "", is shown) for each language of the interface, if there is any page."""
    if shown is None:
        return []
    present = {page.locale.language_code for page in pages}
    rows = []
    for language, name in settings.LANGUAGES:
        with override(language):
            url = reverse("countries:detail", args=[row.iso3.lower()]) if language in present else ""
        rows.append((name, language, url, language == shown.locale.language_code))
    return rows


def themes(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the tree of themes: three statements."""
    before_read()
    counts = related.topic_counts("resource", audience_of(request.user))
    below: dict[int | None, list[Theme]] = defaultdict(list)
    for theme in themes_visible_to(request.user):
        below[theme.parent_id].append(theme)
    return {
        "tree": [
            (lists.theme_item(root, counts.get(f"theme:{root.pk}", 0)), lists.theme_items(_under(root, below), counts))
            for root in below[None]
        ]
    }


def _under(theme: Theme, below: dict[int | None, list[Theme]]) -> list[Theme]:
    """Return all themes below one, in the order of the tree."""
    return [found for child in below[theme.pk] for found in (child, *_under(child, below))]


def theme(request: HttpRequest, row: Theme, visible: Sequence[Theme]) -> dict[str, Any]:
    """Return the context of a theme among the visible ones: eight statements with finding them."""
    key = f"theme:{row.pk}"
    counts = related.topic_counts("resource", audience_of(request.user))
    parent = next((theme for theme in visible if theme.pk == row.parent_id), None)
    total = counts.get(key, 0)
    return {
        "theme": lists.theme_item(row, total),
        "parent": lists.theme_item(parent) if parent else None,
        "children": lists.theme_items((theme for theme in visible if theme.parent_id == row.pk), counts),
        "resources": items(lists.about(key, "resource", request.user)[:SHOWN]),
        "resources_count": total,
        "resources_url": f"{reverse('library:list')}?theme={row.slug}",
        "countries": [lists.country_item(c) for c in sorted(lists.countries_about(key, request.user), key=_sort_key)],
        "related": _related(key, request),
    }


def _related(key: str, request: HttpRequest) -> list[tuple[str, list[Item], int, str]]:
    """Return related entries by kind, but for resources, which have a section of their own."""
    groups = related.groups(key, request.user)
    return [(g.heading, g.items, g.total, g.url) for g in groups if g.items and g.items[0].kind != "resource"]


def best(pages: Iterable[CountryPage]) -> CountryPage | None:
    """Return the edition for the reader: his language, else the interface's in their order; drafts last."""
    order = [get_language(), *(code for code, _name in settings.LANGUAGES)]
    ranked = sorted(pages, key=lambda p: (not p.live, order.index(p.language) if p.language in order else len(order)))
    return ranked[0] if ranked else None


def best_pages(user: Any) -> list[CountryPage]:
    """Return the best edition of each country with a page that `user` may see: two statements."""
    editions: dict[int, list[CountryPage]] = defaultdict(list)
    pages = CountryPage.objects.visible_to(user).filter(live=True).defer("body")
    for page in pages.select_related("country").prefetch_related("schemes"):
        editions[page.country_id].append(page)
    return [page for page in map(best, editions.values()) if page]


def _by_name(pages: Iterable[CountryPage]) -> list[CountryPage]:
    return sorted(pages, key=lambda page: _sort_key(page.country))


def _sort_key(country: Country) -> str:
    return fold(str(country))


def _preview(request: HttpRequest, page: CountryPage) -> dict[str, Any]:
    page.language = page.locale.language_code  # a page that was never saved has none yet
    return country(request, page.country, [page])


previewed_by(HomePage, home)
previewed_by(CountryIndexPage, countries)
previewed_by(CountryPage, _preview)
