"""`/api/v1/questions/`: what is published, for everybody; members may ask."""

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.exceptions import Throttled
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError as Refused
from rest_framework.serializers import as_serializer_error
from rest_framework.viewsets import ReadOnlyModelViewSet

from core.api import EntryCursorPagination
from core.converters import NUMBER
from qa.choices import SnapshotState
from qa.models import Question, Snapshot
from qa.serializers import AskSerializer, QuestionSerializer, SentSerializer
from qa.services import Limited, submit_question


class QuestionPagination(EntryCursorPagination):
    ordering = "number"


PARAMETERS = [
    OpenApiParameter("theme", str, many=True, description="Slugs; a theme finds what is filed below it too."),
    OpenApiParameter("country", str, many=True, description="ISO 3166-1 alpha-3 codes."),
]


@method_decorator(conditional_page, name="dispatch")
@extend_schema_view(list=extend_schema(parameters=PARAMETERS))
class QuestionViewSet(ReadOnlyModelViewSet):
    """Published questions with their answers, by number. Nothing else of a case is ever given out here."""

    serializer_class = QuestionSerializer
    pagination_class = QuestionPagination
    lookup_field = "number"
    lookup_value_regex = NUMBER
    queryset = Question.objects.none()

    def get_permissions(self) -> list[BasePermission]:
        return [IsAuthenticated() if self.action == "create" else AllowAny()]

    def get_queryset(self) -> QuerySet[Question]:
        found = Question.objects.published()
        if themes := self.request.query_params.getlist("theme"):
            found = found.about_theme(*themes)
        if countries := self.request.query_params.getlist("country"):
            found = found.about_country(*map(str.upper, countries))
        published = Snapshot.objects.filter(state=SnapshotState.PUBLISHED).prefetch_related("citations")
        return found.prefetch_related(
            "themes", "countries", Prefetch("snapshots", published.order_by("language"), "published")
        )

    @extend_schema(request=AskSerializer, responses={201: SentSerializer})
    def create(self, request: Request) -> Response:
        """Ask a question, as the form does. Needs a session, and its CSRF token."""
        given = AskSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            sent = submit_question(asker=request.user, mail_language=get_language() or "en", **given.validated_data)
        except Limited as error:
            raise Throttled(detail=" ".join(error.messages)) from error
        except ValidationError as error:
            raise Refused(as_serializer_error(error)) from error
        answer = SentSerializer(sent, context=self.get_serializer_context())
        return Response(answer.data, status=status.HTTP_201_CREATED)
