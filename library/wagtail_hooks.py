"""The editors' screens: resources, authors and organisations, works."""

from django import forms
from django.contrib import messages
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, LiveStatusTagColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from core.languages import language_name
from library.forms import ContainsForm, ResourceForm, ResourceSearchForm, WorkSearchForm
from library.models import Agent, Resource, Work

LIVE = [("True", _("Published")), ("False", _("Not published"))]


class ResourceFilterSet(WagtailFilterSet):
    """How editors narrow the list of resources."""

    language = ChoiceFilter(label=_("Language"), choices=lambda: [(tag, language_name(tag)) for tag in _languages()])
    live = ChoiceFilter(label=_("Status"), choices=LIVE)

    class Meta:
        model = Resource
        fields = ["type", "language", "live", "checked", "themes"]


def _languages() -> QuerySet:
    return Resource.objects.order_by("language").values_list("language", flat=True).distinct()


def searched_by(form: type[ContainsForm]) -> type[SnippetChooserViewSet]:
    """Return a chooser whose search is this form: Wagtail's own searches indexed models only."""
    choose = type("ContainsChooseView", (ChooseView,), {"filter_form_class": form})
    results = type("ContainsChooseResultsView", (ChooseResultsView,), {"filter_form_class": form})
    return type(
        "ContainsChooserViewSet",
        (SnippetChooserViewSet,),
        {"choose_view_class": choose, "choose_results_view_class": results},
    )


class ResourceViewSet(SnippetViewSet):
    """Resources: found by title, name, number and identifier."""

    model = Resource
    icon = "doc-full"
    menu_label = _("Resources")
    menu_name = "resources"
    ordering = ["-number"]
    list_per_page = 50
    list_display = [
        "title",
        Column("number", label=_("Number"), sort_key="number"),
        Column("get_type_display", label=_("Type"), sort_key="type"),
        Column("language", label=_("Language"), sort_key="language"),
        Column("year", label=_("Year"), sort_key="published_on"),
        BooleanColumn("checked", label=_("Checked"), sort_key="checked"),
        DateColumn("last_published_at", label=_("Published"), sort_key="last_published_at"),
        LiveStatusTagColumn(),
    ]
    filterset_class = ResourceFilterSet
    search_backend_name = None
    search_fields = ["title", "subtitle", "series_number", "number"]
    chooser_viewset_class = searched_by(ResourceSearchForm)
    copy_view_enabled = False  # a copy would share number and identifiers
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("title", required_on_save=True),
                    FieldPanel("subtitle"),
                    FieldRowPanel(
                        [
                            FieldPanel("type", required_on_save=True),
                            FieldPanel("language", required_on_save=True),
                            FieldPanel("date"),
                        ]
                    ),
                    FieldPanel("abstract"),
                ],
                heading=_("Title"),
            ),
            MultiFieldPanel(
                [
                    InlinePanel(
                        "contributions", panels=[FieldPanel("role"), FieldPanel("agent"), FieldPanel("name_as_printed")]
                    ),
                    FieldPanel("authors_incomplete"),
                ],
                heading=_("Authors, issuing bodies, publishers"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("themes", widget=forms.CheckboxSelectMultiple),
                    FieldPanel("countries", widget=forms.SelectMultiple(attrs={"size": 12})),
                ],
                heading=_("Themes and countries"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("series"), FieldPanel("series_number")]),
                    FieldRowPanel([FieldPanel("place"), FieldPanel("pages")]),
                    FieldPanel("url"),
                    InlinePanel(
                        "identifiers",
                        heading=_("Identifiers"),
                        panels=[FieldPanel("scheme", required_on_save=True), FieldPanel("raw", required_on_save=True)],
                    ),
                ],
                heading=_("Publication"),
            ),
            MultiFieldPanel([FieldPanel("work"), FieldPanel("is_original")], heading=_("Language editions")),
            MultiFieldPanel([FieldPanel("checked"), FieldPanel("seen_at")], heading=_("Source of the record")),
        ],
        base_form_class=ResourceForm,
    )


class AgentViewSet(SnippetViewSet):
    """Persons and organisations. Renaming one renames it on every resource."""

    model = Agent
    icon = "group"
    menu_label = _("Authors and organisations")
    menu_name = "agents"
    ordering = ["sort_key"]
    list_per_page = 50
    list_display = [
        "name",
        Column("get_kind_display", label=_("Kind"), sort_key="kind"),
        Column("parts", label=_("Resources")),
    ]
    list_filter = ["kind"]
    search_backend_name = None
    search_fields = ["name", "sort_name"]
    chooser_viewset_class = searched_by(ContainsForm)
    panels = [FieldPanel("kind"), FieldPanel("name"), FieldPanel("sort_name")]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return Agent.objects.annotate(parts=Count("contributions__resource", distinct=True))


class WorkViewSet(SnippetViewSet):
    """Works. To merge two, give their editions the same work."""

    model = Work
    icon = "copy"
    menu_label = _("Works")
    menu_name = "works"
    ordering = ["-pk"]
    list_per_page = 50
    list_display = ["__str__", Column("key", label=_("Key"), sort_key="key"), Column("languages", label=_("Editions"))]
    search_backend_name = None
    search_fields = ["key", "editions__title"]
    chooser_viewset_class = searched_by(WorkSearchForm)
    panels = [FieldPanel("key")]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return Work.objects.annotate(languages=Count("editions")).prefetch_related("editions")


class LibraryGroup(SnippetViewSetGroup):
    """The menu of the library."""

    items = (ResourceViewSet, AgentViewSet, WorkViewSet)
    menu_label = _("Library")
    menu_icon = "doc-full-inverse"
    menu_name = "library"
    menu_order = 200


register_snippet(LibraryGroup)


@hooks.register("before_delete_snippet")
def keep_what_is_used(request: HttpRequest, instances: list[Model]) -> HttpResponse | None:
    """Say why a name or work of a resource cannot go, before the database refuses it."""
    used = [one for one in instances if (isinstance(one, Agent) and one.contributions.exists()) or _has_editions(one)]
    if not used:
        return None
    text = _("“%(name)s” belongs to resources: give these another name or work first, then delete it.")
    messages.error(request, text % {"name": used[0]})
    return redirect(used[0].snippet_viewset.get_url_name("list"))


def _has_editions(instance: Model) -> bool:
    return isinstance(instance, Work) and instance.editions.exists()
