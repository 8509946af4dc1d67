"""The nine branches of social security of ILO Convention No. 102, and the marks that draw them.

A *states* dict maps a branch slug to ``"full"``, ``"half"`` or ``"hollow"``; a branch that is left out is drawn as a
dash: nothing is recorded, or it is not the subject. Missing data is never drawn as "none".
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, Promise] = {
    "medical-care": pgettext_lazy("branch", "Medical care"),
    "sickness": pgettext_lazy("branch", "Sickness"),
    "unemployment": pgettext_lazy("branch", "Unemployment"),
    "old-age": pgettext_lazy("branch", "Old age"),
    "employment-injury": pgettext_lazy("branch", "Employment injury"),
    "family-benefits": pgettext_lazy("branch", "Family"),
    "maternity": pgettext_lazy("branch", "Maternity"),
    "invalidity": pgettext_lazy("branch", "Invalidity"),
    "survivors": pgettext_lazy("branch", "Survivors"),
}
BRANCHES = tuple(LABELS)

SHAPES = {
    "full": "M{x} 0h5v12h-5z",
    "half": "M{x} 0h5v6h-5z",
    "hollow": "M{x} 0h5v12h-5zm1 1v10h3v-10z",
}
DASH = "M{x} 0h5v2h-5z"

STATE_LABELS = {
    "full": _("in law"),
    "half": _("for some groups"),
    "hollow": _("none, says a source"),
}


def states_of(themes: Iterable[str]) -> dict[str, str]:
    """The states of an item with these theme slugs: each branch among them is its subject. Empty if none is."""
    chosen = set(themes)
    return {branch: "full" for branch in BRANCHES if branch in chosen}


def svg(states: Mapping[str, str], label: str = "") -> SafeString:
    """The small mark, 69 × 12 px. Its text is ``label``, or else the names of the branches; no states, no mark."""
    return _svg(tuple(states.items()), label, get_language()) if states else SafeString("")


@lru_cache(maxsize=2_000)
def _svg(states: tuple[tuple[str, str], ...], label: str, _language: str | None) -> SafeString:
    return format_html(
        '<svg class="nine" viewBox="0 0 69 12" width="69" height="12" role="img" aria-label="{}"><path d="{}"/></svg>',
        label or describe(dict(states)),
        _path(dict(states), DASH),
    )


def edge_svg(states: Mapping[str, str]) -> SafeString:
    """The teeth under the band, as wide as the page. Decoration: the page says the same in words."""
    if not states:
        return SafeString("")
    return format_html(
        '<svg class="edge" viewBox="0 0 69 12" preserveAspectRatio="none" height="14" aria-hidden="true">'
        '<path d="{}"/></svg>',
        _path(states, ""),
    )


def describe(states: Mapping[str, str]) -> str:
    """The mark in words: "Branches: Old age, Sickness (for some groups)"."""
    return gettext("Branches: %(names)s") % {"names": names(states)}


def names(states: Mapping[str, str]) -> str:
    """The branches in words, in their order, without "Branches:"."""
    return ", ".join(_named(branch, states[branch]) for branch in BRANCHES if branch in states)


def _named(branch: str, state: str) -> str:
    label = LABELS[branch]
    return str(label if state == "full" else format_lazy("{} ({})", label, STATE_LABELS[state]))


def _path(states: Mapping[str, str], missing: str) -> str:
    shapes = (SHAPES.get(states.get(branch, ""), missing) for branch in BRANCHES)
    return "".join(shape.format(x=7 * i + 4 * (i // 3)) for i, shape in enumerate(shapes))
