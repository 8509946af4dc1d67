"""`/api/v1/terms/`: read only."""

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from django_filters import rest_framework as filters
from rest_framework.permissions import AllowAny
from rest_framework.viewsets import ReadOnlyModelViewSet

from core.api import EntryCursorPagination
from core.converters import NUMBER
from glossary.models import Concept, ConceptRelation, Designation, LanguageSection
from glossary.querysets import readable_states
from glossary.serializers import TermSerializer


class TermFilterSet(filters.FilterSet):
    """`q` is looked for in terms, within the language `lang` if that is given."""

    q = filters.CharFilter(method="containing", help_text="Part of a term.")
    lang = filters.ChoiceFilter(method="spoken", choices=settings.LANGUAGES, help_text="Terms with this language.")
    collection = filters.CharFilter(method="collected", help_text="Slug.")
    theme = filters.CharFilter(method="themed", help_text="Slug; a theme finds what is filed below it too.")

    def _designations(self) -> QuerySet[Designation]:
        return Designation.objects.readable_by(self.request.user)

    def containing(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        found = self._designations().filter(text__icontains=value)
        if language := self.form.cleaned_data.get("lang"):
            found = found.filter(language=language)
        return queryset.filter(pk__in=found.values("section__concept"))

    def spoken(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(pk__in=self._designations().filter(language=value).values("section__concept"))

    def collected(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.in_collection(value)

    def themed(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.about_theme(value)


class TermPagination(EntryCursorPagination):
    ordering = "number"


@method_decorator(conditional_page, name="dispatch")
class TermViewSet(ReadOnlyModelViewSet):
    """Concepts by number, each with all its languages. Answers 304 to the ETag of an unchanged answer."""

    permission_classes = [AllowAny]
    serializer_class = TermSerializer
    filterset_class = TermFilterSet
    pagination_class = TermPagination
    lookup_field = "number"
    lookup_value_regex = NUMBER
    queryset = Concept.objects.none()

    def get_queryset(self) -> QuerySet[Concept]:
        user = self.request.user
        visible = Concept.objects.visible_to(user)
        sections = LanguageSection.objects.filter(state__in=readable_states(user)).prefetch_related(
            Prefetch("designations", Designation.objects.select_related("replaced_by")), "designations__forms"
        )
        relations = ConceptRelation.objects.filter(target__in=visible).select_related("target")
        return visible.select_related("replaced_by").prefetch_related(
            Prefetch("sections", sections, "visible_sections"),
            Prefetch("relations", relations, "visible_relations"),
            "collections",
            "themes",
            "countries",
        )
