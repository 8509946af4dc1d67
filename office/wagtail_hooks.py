"""The office's desk inside the editors' screens."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from core.panels import desks_for
from office.models import ContactMessage, ErrorReport
from office.reports import PagesNotPublishedView
from office.syncing import TRIED_AGAIN, SynchronisationView, TryAgainView, policy


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


class ContactMessageViewSet(SnippetViewSet):
    """Messages are read and closed here, never written; answers go out by mail."""

    model = ContactMessage
    icon = "mail"
    menu_label = _("Contact messages")
    add_to_admin_menu = True
    menu_order = 810
    list_display = ["__str__", "email", "language", "created_at", "state"]
    list_filter = ["state", "language"]
    list_export = ["message", "email", "name", "language", "created_at", "state"]
    search_fields = ["message", "email", "name"]
    search_backend_name = None
    panels = [
        FieldPanel("state"),
        *(FieldPanel(name, read_only=True) for name in ("message", "email", "name", "language", "created_at")),
    ]


register_snippet(ErrorReportViewSet)
register_snippet(ContactMessageViewSet)


class WaitingPanel(Component):
    """What waits for this member of the staff, with the way there."""

    name = "waiting"
    template_name = "office/waiting.html"
    order = 50

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        return {"rows": desks_for(parent_context["request"].user)}


@hooks.register("construct_homepage_panels")
def show_what_waits(request: HttpRequest, panels: list[Component]) -> None:
    panels.insert(0, WaitingPanel())


@hooks.register("register_reports_menu_item")
def synchronisation_in_menu() -> MenuItem:
    return SynchronisationMenuItem(
        _("Synchronisation"), reverse("office_synchronisation"), name="synchronisation", icon_name="rotate", order=1000
    )


class SynchronisationMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return policy.user_has_permission(request.user, "view")


@hooks.register("register_log_actions")
def name_what_is_logged(actions: LogActionRegistry) -> None:
    actions.register_action(TRIED_AGAIN, _("Try indexing again"), _("Indexing tried again"))


@hooks.register("register_admin_urls")
def report_urls() -> list[URLPattern]:
    view = PagesNotPublishedView
    return [
        path("synchronisation/", SynchronisationView.as_view(), name="office_synchronisation"),
        path("synchronisation/try-again/", TryAgainView.as_view(), name="office_try_again"),
        path("reports/pages-not-published/", view.as_view(), name=view.index_url_name),
        path(
            "reports/pages-not-published/results/",
            view.as_view(results_only=True),
            name=view.index_results_url_name,
        ),
    ]
