"""What all API views share."""

from collections.abc import Iterable

from rest_framework.pagination import CursorPagination


class EntryCursorPagination(CursorPagination):
    """Pages by cursor: stable while rows come and go, and as fast at the end as at the start."""

    ordering = "pk"
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"


def only_ours(endpoints: Iterable[tuple], **kwargs: object) -> list[tuple]:
    """Keep what the schema describes: `/api/v1/`, not the API of Wagtail's own screens (drf-spectacular's hook)."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]
