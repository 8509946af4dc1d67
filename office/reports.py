"""Reports for the staff that Wagtail does not bring."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.reports import PageReportView
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

ACTIONS = ["add", "change", "publish"]


def pages_not_published(user: object) -> QuerySet[Page]:
    """Return the pages that `user` may work on and readers do not see: new drafts and withdrawn ones."""
    pages = page_permission_policy.instances_user_has_any_permission_for(user, ACTIONS)
    return pages.filter(live=False)


class PagesNotPublishedView(PageReportView):
    page_title = _("Pages not published")
    header_icon = "doc-empty"
    index_url_name = "office_pages_not_published"
    index_results_url_name = "office_pages_not_published_results"
    any_permission_required = ACTIONS

    def get_queryset(self) -> QuerySet[Page]:
        pages = pages_not_published(self.request.user)
        return pages.order_by("-latest_revision_created_at").prefetch_related("content_type")
