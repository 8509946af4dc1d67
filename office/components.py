"""Every component of the public pages with sample data, for whoever judges the look: staff only, never indexed.

Nothing comes from the database, so that the page shows the same everywhere: short and long, empty and wrong.
"""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audiences import audience_of
from core.metadata import Metadata
from core.nine import BRANCHES, LABELS
from office import samples


class SampleForm(forms.Form):
    """One field of each sort."""

    title = forms.CharField(label="In one sentence", help_text="Readers will see this as the title.")
    text = forms.CharField(label="Background", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    email = forms.EmailField(label="Your e-mail address", help_text="The answer goes there.")
    year = forms.IntegerField(label="Year", min_value=1900)
    country = forms.ChoiceField(label="Country", choices=[("", "Choose a country"), ("ken", "Kenya")])
    seen = forms.ChoiceField(
        label="Who will see this",
        choices=[("me", "Only I and the editors"), ("all", "Everyone, once an editor has published it")],
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(label="The editors may publish this question without names")


WRONG = {"text": "What was typed stays here.", "email": "awa at example.org", "year": "1850"}


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show all components to the staff. To everybody else there is no such page."""
    if audience_of(request.user) != "staff":
        raise Http404
    return render(request, "office/components.html", _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    title = _("Components")
    return {
        "metadata": Metadata(title, title, request.build_absolute_uri(request.path), robots="noindex, nofollow"),
        "edge_states": samples.MIXED,
        "named": _named(counted=False),
        "counted": _named(counted=True),
        "marks": samples.marks(),
        "wrong": SampleForm(WRONG, auto_id="wrong_%s"),
        "form": SampleForm(auto_id="empty_%s"),
        "results": samples.results(),
        "live": {"heading": "Resources", "items": samples.results()[:2], "total": 1041, "url": "#live"},
        "related": samples.related(),
        "language": get_language(),
        **samples.WORDS,
        **samples.FILTERS,
        **samples.FIGURES,
    }


def _named(*, counted: bool) -> list[tuple]:
    """Return the nine named teeth in mixed states; with counts they are those of the home page."""
    return [
        (
            slug,
            str(LABELS[slug]),
            "full" if counted else samples.MIXED.get(slug, ""),
            7**n if counted else None,
            "#nine",
        )
        for n, slug in enumerate(BRANCHES)
    ]
