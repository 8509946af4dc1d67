"""Which edition of a page a reader gets, and what its head says."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from core.languages import language_name
from pages.models import Edition

STALE_YEARS = 10  # older facts are pointed out
AnyEdition = TypeVar("AnyEdition", bound=Edition)


def best(pages: Iterable[AnyEdition]) -> AnyEdition | None:
    """Return the edition for the reader: his language, else the interface's in their order; drafts last."""
    order = [get_language(), *(code for code, _name in settings.LANGUAGES)]
    ranked = sorted(pages, key=lambda p: (not p.live, order.index(p.language) if p.language in order else len(order)))
    return ranked[0] if ranked else None


def head(page: Edition | None, pages: Sequence[Edition], years: Sequence[int], route: Sequence[str]) -> dict[str, Any]:
    """Return the chosen edition, what to know of it, and where the others are; `years` are those of its facts."""
    return {
        "page": page,
        "edition_notice": _notice(page),
        "editions": _editions(page, pages, route),
        **_status(years),
    }


def _notice(page: Edition | None) -> str:
    if page is None:
        return ""
    if not page.live:
        return _("Draft, not published yet: only staff see this page.")
    if page.language == get_language():
        return ""
    return _("This page is in %(language)s: there is no edition in %(wanted)s yet.") % {
        "language": language_name(page.language),
        "wanted": language_name(get_language() or "en"),
    }


def _editions(shown: Edition | None, pages: Sequence[Edition], route: Sequence[str]) -> list[tuple]:
    """Return (name, language, address or "", is shown) for each language of the interface, if there is any page."""
    if shown is None:
        return []
    present = {page.language for page in pages}
    rows = []
    for language, name in settings.LANGUAGES:
        with override(language):
            url = reverse(route[0], args=route[1:]) if language in present else ""
        rows.append((name, language, url, language == shown.language))
    return rows


def _status(years: Sequence[int]) -> dict[str, str]:
    """Return how old the facts are; old ones are pointed out."""
    if not years:
        return {}
    stale = years[0] <= datetime.date.today().year - STALE_YEARS
    return {
        "status": _("Figures to %(year)s.") % {"year": years[-1]},
        "stale": _("Some facts are from %(year)s.") % {"year": years[0]} if stale else "",
    }


def as_edition(page: AnyEdition) -> AnyEdition:
    """Return a page for its preview: one that was never saved has no language yet."""
    page.language = page.locale.language_code
    return page
