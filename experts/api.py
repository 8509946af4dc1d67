"""`/api/v1/experts/`: read only, with the same filters as the page."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.viewsets import ReadOnlyModelViewSet

from core.api import EntryCursorPagination
from experts.directory import LEVELS, chosen_in, listed_for, narrowed
from experts.models import ExpertProfile
from experts.parts import fetch_parts
from experts.serializers import CVSerializer
from sync.drain import before_read
from taxonomy.models import Country, Region

PARAMETERS = [
    OpenApiParameter("theme", str, many=True, description="Slugs; a theme finds what is filed below it too."),
    OpenApiParameter("country", str, many=True, description="ISO 3166-1 alpha-3 codes of countries worked in."),
    OpenApiParameter("region", str, many=True, enum=Region.values, description="Regions of these countries."),
    OpenApiParameter("language", str, many=True, description="BCP 47 tags of languages spoken."),
    OpenApiParameter("level", str, many=True, enum=LEVELS, description="Least level of the language."),
]


class ExpertPagination(EntryCursorPagination):
    """Pages of profiles that have all their parts."""

    def paginate_queryset(self, queryset: QuerySet, request: Any, view: Any = None) -> list[ExpertProfile] | None:
        page = super().paginate_queryset(queryset, request, view)
        return fetch_parts(page) if page else page


@extend_schema_view(
    list=extend_schema(parameters=PARAMETERS),
    retrieve=extend_schema(parameters=[OpenApiParameter("public_id", OpenApiTypes.UUID, OpenApiParameter.PATH)]),
)
class ExpertViewSet(ReadOnlyModelViewSet):
    """Experts as the reader may know them, by their public number. People who are invented carry `sample: true`."""

    permission_classes = [AllowAny]
    serializer_class = CVSerializer
    pagination_class = ExpertPagination
    filter_backends: list = []
    lookup_field = "public_id"
    lookup_value_converter = "uuid"
    queryset = ExpertProfile.objects.none()

    def get_queryset(self) -> QuerySet[ExpertProfile]:
        before_read()
        if self.detail:
            return ExpertProfile.objects.visible_to(self.request.user)
        chosen = chosen_in(self.request.query_params)
        unknown = [each for each in self.request.query_params.getlist("level") if each not in LEVELS]
        if unknown:
            raise ValidationError({"level": f"Unknown level. Use one of {', '.join(LEVELS)}."})
        countries = {country.iso3: country for country in Country.objects.all()}
        found = narrowed(listed_for(self.request.user, countries), chosen)
        return ExpertProfile.objects.findable_by(self.request.user).filter(pk__in=[expert.pk for expert in found])

    def get_object(self) -> ExpertProfile:
        profile = super().get_object()
        fetch_parts([profile])
        return profile
