"""The editors' screens: experts with all their parts."""

from django import forms
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, LiveStatusTagColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from experts import offers
from experts.fields import Offer
from experts.models import ExpertProfile
from experts.models.parts import SKILLS


def choice_of(offer: Offer) -> forms.Select:
    """A list to choose one from, or none; asked for when it is shown."""
    return forms.Select(choices=CallableChoiceIterator(lambda: [("", "---------"), *offer()]))


def country_panel(name: str = "country") -> FieldPanel:
    return FieldPanel(name, widget=choice_of(offers.countries))


def row(*names: str) -> FieldRowPanel:
    return FieldRowPanel([FieldPanel(name) for name in names])


class ExpertFilterSet(WagtailFilterSet):
    """How editors narrow the list of experts."""

    class Meta:
        model = ExpertProfile
        fields = ["state", "is_sample", "live"]


PANELS = [
    MultiFieldPanel(
        [
            FieldPanel("name", required_on_save=True),
            row("state", "is_sample"),
            FieldRowPanel([FieldPanel("language"), country_panel("residence_country")]),
            FieldPanel("user"),
            row("last_confirmed_at", "next_review_at"),
        ],
        heading=_("Person"),
    ),
    InlinePanel(
        "texts",
        heading=_("Headline and summary, by language"),
        label=_("Language"),
        panels=[FieldPanel("language"), FieldPanel("headline"), FieldPanel("summary")],
        min_num=1,
    ),
    InlinePanel(
        "visibilities",
        heading=_("Who reads which section"),
        label=_("Section"),
        help_text=_("A section that is not named here is read by the expert only."),
        panels=[row("section", "level")],
    ),
    InlinePanel(
        "expertise",
        heading=_("Expertise"),
        panels=[
            FieldPanel("term", widget=choice_of(offers.terms)),
            FieldPanel("topic"),
            row("mastery", "years", "last_used"),
            row("evidence", "level"),
        ],
    ),
    InlinePanel(
        "assignments",
        heading=_("Assignments"),
        panels=[
            row("number", "start", "end"),
            FieldPanel("title"),
            row("role", "client"),
            FieldPanel("countries"),
            FieldPanel("topics"),
            row("outputs", "level"),
        ],
    ),
    InlinePanel(
        "positions",
        heading=_("Positions"),
        panels=[
            row("start", "end"),
            row("title", "employer"),
            FieldRowPanel([country_panel(), FieldPanel("level")]),
            FieldPanel("summary"),
        ],
    ),
    InlinePanel(
        "education",
        heading=_("Education"),
        panels=[
            row("year", "degree"),
            row("field", "institution"),
            FieldRowPanel([country_panel(), FieldPanel("level")]),
        ],
    ),
    InlinePanel(
        "languages",
        heading=_("Languages"),
        panels=[row("language", "mother_tongue"), row(*SKILLS), row("un_level", "level")],
    ),
    InlinePanel(
        "experience",
        heading=_("Experience by country"),
        panels=[FieldRowPanel([country_panel(), FieldPanel("months"), FieldPanel("last_year"), FieldPanel("level")])],
    ),
]


class ExpertViewSet(SnippetViewSet):
    """Experts: found by name and headline. Consents are not here: only the person gives and withdraws them."""

    model = ExpertProfile
    icon = "group"
    menu_label = _("Experts")
    menu_name = "experts"
    menu_order = 230
    add_to_admin_menu = True
    ordering = ["name"]
    list_per_page = 50
    list_display = [
        "name",
        Column("get_state_display", label=_("State"), sort_key="state"),
        BooleanColumn("is_sample", label=_("Sample"), sort_key="is_sample"),
        DateColumn("last_confirmed_at", label=_("Confirmed"), sort_key="last_confirmed_at"),
        LiveStatusTagColumn(),
    ]
    filterset_class = ExpertFilterSet
    search_backend_name = None
    search_fields = ["name", "texts__headline"]
    copy_view_enabled = False  # a copy would share address and public number
    edit_handler = ObjectList(PANELS)


register_snippet(ExpertViewSet)
