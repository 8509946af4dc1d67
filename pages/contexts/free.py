"""A free page."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from core.panels import actions_for
from pages import facts
from pages.contexts.editions import as_edition, best, head
from pages.models import FreePage
from pages.previews import previewed_by


def free(request: HttpRequest, pages: Sequence[FreePage]) -> dict[str, Any]:
    """Return the context of a free page, of which there is at least one edition: no statement."""
    page = best(pages)
    key = f"page:{page.pk}"
    return {
        "key": key,
        "report_url": next((action.url for action in actions_for(key)), "") if page.pk else "",
        **head(page, pages, facts.figure_years(page), ("about", page.slug)),
    }


def _preview(request: HttpRequest, page: FreePage) -> dict[str, Any]:
    return free(request, [as_edition(page)])


previewed_by(FreePage, _preview)
