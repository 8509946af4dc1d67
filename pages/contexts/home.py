"""Home."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.audiences import audience_of
from core.nine import BRANCHES, LABELS
from links import related
from pages import lists
from pages.contexts.countries import best_pages, sort_key
from pages.models import HomePage
from pages.previews import previewed_by
from pages.visibility import themes_visible_to
from sync.drain import before_read
from sync.presentation import items
from taxonomy.models import Theme

NEW = 5  # resources on the home page
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
        "countries": [lists.country_item(p.country, p) for p in sorted(best_pages(user), key=_by_country)],
        "themes": lists.theme_items((t for t in themes if t.parent_id and t.slug not in BRANCHES), counts),
        "new_resources": items(lists.newest("resource", user, NEW)),
        "examples": [(text, language, lists.search_url(q=text)) for text, language in EXAMPLES],
        "totals": totals,
    }


def _by_country(page: Any) -> str:
    return sort_key(page.country)


def _branches(themes: Iterable[Theme], counts: dict[str, int]) -> list[tuple]:
    """Return the nine named teeth, each with the number of its resources; no address for a branch without anything."""
    by_slug = {theme.slug: theme for theme in themes}
    rows = []
    for branch in BRANCHES:
        theme = by_slug.get(branch)
        url = reverse("themes:detail", args=[branch]) if theme else None
        rows.append((branch, str(LABELS[branch]), "full", counts.get(f"theme:{theme.pk}", 0) if theme else 0, url))
    return rows


previewed_by(HomePage, home)
