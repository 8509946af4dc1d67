"""The office's desk inside the editors' screens."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from office.models import ErrorReport


class ErrorReportViewSet(SnippetViewSet):
    """Reports are read and closed here, never written."""

    model = ErrorReport
    icon = "warning"
    menu_label = _("Error reports")
    add_to_admin_menu = True
    menu_order = 800
    list_display = ["__str__", "address", "language", "created_at", "state"]
    list_filter = ["state", "language"]
    list_export = ["about", "address", "language", "message", "email", "created_at", "state"]
    search_fields = ["about", "message", "email"]
    search_backend_name = None  # the database's own comparison: no index to keep
    panels = [
        FieldPanel("state"),
        *(
            FieldPanel(name, read_only=True)
            for name in ("about", "address", "message", "email", "language", "created_at")
        ),
    ]


register_snippet(ErrorReportViewSet)
