"""The tree of themes, and one theme."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.audiences import audience_of
from core.nine import states_of
from core.panels import actions_for
from core.visibility import visible_rows
from links import related
from pages import facts, lists
from pages.contexts.editions import as_edition, best, head
from pages.models import ThemeIndexPage, ThemePage
from pages.previews import previewed_by
from sync.drain import before_read
from taxonomy.models import Theme

KINDS = ("resource", "question", "expert", "term", "country")


def themes(request: HttpRequest, page: ThemeIndexPage | None = None) -> dict[str, Any]:
    """Return the context of the tree of themes: three statements."""
    before_read()
    counts = related.topic_counts("resource", audience_of(request.user))
    below: dict[int | None, list[Theme]] = defaultdict(list)
    for theme in visible_rows("theme", request.user):
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


def theme(request: HttpRequest, row: Theme, visible: Sequence[Theme], pages: Sequence[ThemePage]) -> dict[str, Any]:
    """Return the context of a theme with the editions that the reader may see: eight statements with finding them."""
    page = best(pages)
    key = f"theme:{row.pk}"
    parent = next((theme for theme in visible if theme.pk == row.parent_id), None)
    children = [theme for theme in visible if theme.parent_id == row.pk]
    counts = related.topic_counts("resource", audience_of(request.user)) if children else {}
    live = lists.live_lists(key, KINDS, request.user, {"theme": row.slug})
    library = replace(live.pop("resource", lists.NOTHING), url=f"{reverse('library:list')}?theme={row.slug}")
    return {
        "key": key,
        "edge_states": states_of([row.slug]),
        "report_url": next((action.url for action in actions_for(key)), ""),
        "search_url": f"{reverse('search')}?theme={row.slug}",
        "theme": lists.theme_item(row, library.total),
        "parent": lists.theme_item(parent) if parent else None,
        "children": lists.theme_items(children, counts),
        "key_resources": lists.items_of_keys(page.resource_keys(), request.user) if page else [],
        "library": library,
        "questions": live.pop("question", lists.NOTHING),
        "related": lists.beside(live),
        **head(page, pages, facts.figure_years(page) if page else [], ("themes:detail", row.slug)),
    }


def _preview(request: HttpRequest, page: ThemePage) -> dict[str, Any]:
    before_read()
    return theme(request, page.theme, list(visible_rows("theme", request.user)), [as_edition(page)])


previewed_by(ThemeIndexPage, themes)
previewed_by(ThemePage, _preview)
