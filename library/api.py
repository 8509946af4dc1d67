"""`/api/v1/resources/`: read only, with the same filters as the page."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework.permissions import AllowAny
from rest_framework.viewsets import ReadOnlyModelViewSet

from core.api import EntryCursorPagination
from core.converters import NUMBER
from library.choices import ResourceType
from library.filters import FILTERS, years
from library.models import Contribution, Resource
from library.serializers import ResourceSerializer


class ValuesField(forms.MultipleChoiceField):
    """The values of a repeated parameter. Machines are told of a value that can find nothing."""

    name = ""

    def valid_value(self, value: str) -> bool:
        return True  # checked by `validate`, with a better message

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        unknown = [v for v in value if v not in ResourceType.values] if self.name == "type" else []
        if unknown:
            raise ValidationError(_("Unknown type. Use one of %(types)s.") % {"types": ", ".join(ResourceType.values)})
        if self.name == "year":
            for text in value:
                _check_years(text)


def _check_years(text: str) -> None:
    try:
        years(text)
    except ValueError:
        raise ValidationError(_("Write years as 2015, 2010-2019, 2020- or -1989.")) from None


@extend_schema_field(OpenApiTypes.STR)
class RepeatedFilter(filters.MultipleChoiceFilter):
    """A filter of the library: any of its values."""

    field_class = ValuesField

    @property
    def field(self) -> forms.Field:
        field = super().field
        field.name = self.field_name
        return field

    def filter(self, queryset: QuerySet, values: list[str]) -> QuerySet:
        return FILTERS[self.field_name](queryset, tuple(values)) if values else queryset


class ResourceFilterSet(filters.FilterSet):
    """OR within a parameter, AND across parameters."""

    type = RepeatedFilter()
    theme = RepeatedFilter()
    country = RepeatedFilter()
    language = RepeatedFilter()
    year = RepeatedFilter()
    agent = filters.NumberFilter(method="by_agent", min_value=1, max_value=2**31 - 1, decimal_places=0)

    def by_agent(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        return queryset.by_agent(int(value))


class ResourcePagination(EntryCursorPagination):
    ordering = "number"


PARAMETERS = [
    OpenApiParameter("type", str, many=True, enum=ResourceType.values),
    OpenApiParameter("theme", str, many=True, description="Slugs; a theme finds what is filed below it too."),
    OpenApiParameter("country", str, many=True, description="ISO 3166-1 alpha-3 codes."),
    OpenApiParameter("language", str, many=True, description="BCP 47 tags."),
    OpenApiParameter("year", str, many=True, description="2015, 2010-2019, 2020- or -1989."),
    OpenApiParameter("agent", int, description="Number of an author, issuing body or publisher."),
]


@method_decorator(conditional_page, name="dispatch")
@extend_schema_view(list=extend_schema(parameters=PARAMETERS))
class ResourceViewSet(ReadOnlyModelViewSet):
    """Resources, one for each language edition, by number. Answers 304 to the ETag of an unchanged answer."""

    permission_classes = [AllowAny]
    serializer_class = ResourceSerializer
    filterset_class = ResourceFilterSet
    pagination_class = ResourcePagination
    lookup_field = "number"
    lookup_value_regex = NUMBER
    queryset = Resource.objects.none()

    def get_queryset(self) -> QuerySet[Resource]:
        visible = Resource.objects.visible_to(self.request.user)
        editions = visible.order_by("language").only("number", "language", "work_id")
        return visible.select_related("work").prefetch_related(
            Prefetch("work__editions", editions, "visible_editions"),
            Prefetch("contributions", Contribution.objects.select_related("agent")),
            "identifiers",
            "themes",
            "countries",
        )
