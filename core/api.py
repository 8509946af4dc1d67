"""What all API views share."""

from rest_framework.pagination import CursorPagination


class EntryCursorPagination(CursorPagination):
    """Pages by cursor: stable while rows come and go, and as fast at the end as at the start."""

    ordering = "pk"
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
