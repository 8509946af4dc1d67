"""The editors' screens: concepts with their languages, and collections."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, ModelChoiceFilter
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, LiveStatusTagColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from glossary.choices import State
from glossary.forms import ConceptForm
from glossary.models import Collection, Concept

LIVE = [("True", _("Published")), ("False", _("Not published"))]


class ConceptFilterSet(WagtailFilterSet):
    """How editors narrow the list of concepts: language and state together mean a section of both."""

    collections = ModelChoiceFilter(label=_("Collection"), queryset=Collection.objects.all())
    language = ChoiceFilter(label=_("Language"), choices=settings.LANGUAGES, method="by_section")
    state = ChoiceFilter(label=_("State"), choices=State.choices, method="by_section")
    live = ChoiceFilter(label=_("Published"), choices=LIVE)

    class Meta:
        model = Concept
        fields = ["status", "live", "collections"]

    def by_section(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        wanted = {key: self.form.cleaned_data[key] for key in ("language", "state") if self.form.cleaned_data.get(key)}
        sections = Concept.sections.rel.related_model.objects.filter(**wanted)
        return queryset.filter(pk__in=sections.values("concept"))


FORM_PANELS = [FieldRowPanel([FieldPanel("text"), FieldPanel("origin"), FieldPanel("enabled")])]
DESIGNATION_PANELS = [
    FieldRowPanel([FieldPanel("text", required_on_save=True), FieldPanel("kind"), FieldPanel("status")]),
    FieldRowPanel([FieldPanel("pos"), FieldPanel("gender"), FieldPanel("number")]),
    FieldRowPanel([FieldPanel("region"), FieldPanel("qualifier"), FieldPanel("link_mode")]),
    FieldRowPanel([FieldPanel("context"), FieldPanel("source")]),
    FieldRowPanel([FieldPanel("reason"), FieldPanel("replaced_by")]),
    InlinePanel("forms", heading=_("Inflected forms"), label=_("Form"), panels=FORM_PANELS),
]
SECTION_PANELS = [
    FieldRowPanel([FieldPanel("language", required_on_save=True), FieldPanel("state")]),
    FieldPanel("definition", widget=forms.Textarea(attrs={"rows": 3})),
    FieldRowPanel([FieldPanel("definition_source"), FieldPanel("definition_url")]),
    FieldPanel("note", widget=forms.Textarea(attrs={"rows": 2})),
    FieldPanel("example", widget=forms.Textarea(attrs={"rows": 2})),
    InlinePanel("designations", heading=_("Terms"), label=_("Term"), panels=DESIGNATION_PANELS),
]


class ConceptViewSet(SnippetViewSet):
    """Concepts: found by number and by their terms."""

    model = Concept
    icon = "openquote"
    menu_label = _("Concepts")
    menu_name = "concepts"
    ordering = ["-number"]
    list_per_page = 50
    list_display = [
        "__str__",
        Column("number", label=_("Number"), sort_key="number"),
        Column("get_status_display", label=_("Status"), sort_key="status"),
        DateColumn("last_published_at", label=_("Published"), sort_key="last_published_at"),
        LiveStatusTagColumn(),
    ]
    filterset_class = ConceptFilterSet
    search_backend_name = None
    search_fields = ["number", "sections__designations__text"]
    copy_view_enabled = False  # a copy would share its number and its preferred terms
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("status"), FieldPanel("replaced_by")]), FieldPanel("reason")],
                heading=_("Concept"),
            ),
            InlinePanel("sections", heading=_("Languages"), label=_("Language"), panels=SECTION_PANELS),
            InlinePanel(
                "relations",
                heading=_("Place among other concepts"),
                label=_("Relation"),
                panels=[FieldRowPanel([FieldPanel("kind"), FieldPanel("target", required_on_save=True)])],
            ),
            MultiFieldPanel(
                [
                    FieldPanel("collections", widget=forms.CheckboxSelectMultiple),
                    FieldPanel("themes", widget=forms.CheckboxSelectMultiple),
                    FieldPanel("countries", widget=forms.SelectMultiple(attrs={"size": 12})),
                ],
                heading=_("Collections, themes, countries"),
            ),
        ],
        base_form_class=ConceptForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return Concept.objects.prefetch_related("sections__designations")


class CollectionViewSet(SnippetViewSet):
    """Collections, in their order."""

    model = Collection
    icon = "folder-open-inverse"
    menu_label = _("Collections")
    menu_name = "collections"
    ordering = ["position"]
    list_display = ["__str__", Column("slug", label=_("Slug")), Column("position", label=_("Position"))]
    search_backend_name = None
    search_fields = ["name_en", "name_fr", "name_es", "slug"]
    panels = [
        *(FieldPanel(name) for name in ("name_en", "name_fr", "name_es", "slug", "position")),
        FieldPanel("themes", widget=forms.CheckboxSelectMultiple),
    ]


class GlossaryGroup(SnippetViewSetGroup):
    """The menu of the glossary."""

    items = (ConceptViewSet, CollectionViewSet)
    menu_label = _("Glossary")
    menu_icon = "openquote"
    menu_name = "glossary"
    menu_order = 210


register_snippet(GlossaryGroup)


@hooks.register("before_delete_snippet")
def keep_what_replaces(request: HttpRequest, instances: list[Model]) -> HttpResponse | None:
    """Say why a concept cannot go that another one is replaced by, before the database refuses it."""
    used = next((one for one in instances if isinstance(one, Concept) and one.replaces.exists()), None)
    if used is None:
        return None
    text = _("“%(name)s” replaces a deprecated concept: name another replacement there first, then delete it.")
    messages.error(request, text % {"name": used})
    return redirect(used.snippet_viewset.get_url_name("list"))
