"""Home."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.translation import ngettext

from accounts.audiences import audience_of
from core.nine import BRANCHES, LABELS
from core.presentation import Item
from core.visibility import visible_rows
from links import related
from pages import lists
from pages.contexts.countries import best_pages, sort_key
from pages.models import HomePage
from pages.previews import previewed_by
from sync.drain import before_read
from sync.models import Document
from sync.presentation import item, items
from taxonomy.models import Theme

SHOWN = 5  # entries of one list
ANSWERS = 3
CHANGING = ("country", "theme", "page", "term", "expert")  # kinds without a list of their own here
EXAMPLES = [
    ("maternity cash benefits", "en"),
    ("assurance maladie secteur informel", "fr"),
    ("pensiones no contributivas", "es"),
]


def home(request: HttpRequest, page: HomePage | None = None) -> dict[str, Any]:
    """Return the context of the home page: eight statements."""
    before_read()
    user = request.user
    counts = related.topic_counts("resource", audience_of(user))
    themes = list(visible_rows("theme", user).select_related("parent"))
    newest = related.newest(["resource", "question", *CHANGING], user, SHOWN)
    return {
        "page": page,
        "branches": _branches(themes, counts),
        "countries": [lists.country_item(p.country, p) for p in sorted(best_pages(user), key=_by_country)],
        "themes": lists.theme_items((t for t in themes if t.parent_id and t.slug not in BRANCHES), counts),
        "answered": items(newest.get("question", [])[:ANSWERS]),
        "new_resources": items(newest.get("resource", [])),
        "term": _term(timezone.localdate()),
        "changed": _changed(newest),
        "examples": [(text, language, lists.search_url(q=text)) for text, language in EXAMPLES],
        "numbers": _numbers({**lists.totals(audience_of(user)), "theme": len(themes)}),
    }


def _term(day: datetime.date) -> Item | None:
    document = related.of_the_day("term", day)
    return item(document, snippet=escape(document.summary)) if document else None


def _changed(newest: Mapping[str, Sequence[Document]]) -> list[tuple[datetime.date, Item]]:
    """Return what was reviewed or confirmed last, with the day; of one day, the first of each kind before the next."""
    dated = [(d.date, place, d) for kind in CHANGING for place, d in enumerate(newest.get(kind, ())) if d.date]
    dated.sort(key=lambda row: (-row[0].toordinal(), row[1]))
    return [(day, item(document)) for day, _place, document in dated[:SHOWN]]


def _numbers(totals: Mapping[str, int]) -> list[str]:
    """Return how much of each kind is here: "1,027 resources"; nothing of what there is none."""
    written = {kind: number_format(n, force_grouping=True) for kind, n in totals.items()}
    texts = {
        "resource": ngettext("%(n)s resource", "%(n)s resources", totals.get("resource", 0)),
        "term": ngettext("%(n)s term", "%(n)s terms", totals.get("term", 0)),
        "country": ngettext("%(n)s country", "%(n)s countries", totals.get("country", 0)),
        "theme": ngettext("%(n)s theme", "%(n)s themes", totals.get("theme", 0)),
        "expert": ngettext("%(n)s expert", "%(n)s experts", totals.get("expert", 0)),
        "question": ngettext("%(n)s question", "%(n)s questions", totals.get("question", 0)),
    }
    return [text % {"n": written[kind]} for kind, text in texts.items() if totals.get(kind)]


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
