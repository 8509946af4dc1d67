"""The staff's page on synchronisation: what waits, what was given up and why, what the search engine has not taken."""

import logging
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from core.entries import registry
from search.models import Outbox, Target
from search.outbox import parked_documents
from search.outbox import retry as ship_again
from sync.backlog import backlog, parked_states
from sync.backlog import retry as project_again
from sync.drain import before_read
from sync.models import State

logger = logging.getLogger(__name__)
SHOWN = 100  # of the items that were given up; the rest shows as these are mended
TRIED_AGAIN = "gess.tried_again"
policy = ModelPermissionPolicy(State)


@dataclass(frozen=True)
class GivenUp:
    """An item that was given up after some attempts."""

    key: str
    name: str  # what it is called; its key if it is no more
    kind: str
    url: str  # where this member of the staff edits it, "" if nowhere
    reason: str
    document: str = ""  # of the search engine


class SynchronisationView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """What waits now. Looking at it does, as any reader does, some of what waits."""

    permission_policy = policy
    permission_required = "view"
    page_title = gettext_lazy("Synchronisation")
    header_icon = "rotate"
    template_name = "office/synchronisation.html"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        before_read()
        targets = {target.state: target for target in Target.objects.all()}
        return {
            **super().get_context_data(**kwargs),
            "backlog": backlog(),
            "parked": parked_items(self.request.user),
            "serving": targets.get(Target.State.SERVING),
            "building": targets.get(Target.State.BUILDING),
            "outbox": Outbox.objects.filter(parked=False).count() if targets else 0,
            "refused": refused_documents(self.request.user) if targets else [],
            "may_retry": self.user_has_permission("change"),
        }


class TryAgainView(PermissionCheckedMixin, View):
    """Has one item that was given up, or all of them, tried again; who asked for it stands in the site's history."""

    permission_policy = policy
    permission_required = "change"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        document, key = request.POST.get("document", ""), request.POST.get("key", "")
        if document:
            done = [document] if ship_again(document) else []
        else:
            wanted = [key] if key else parked_states().values_list("key", flat=True)
            done = [one for one in wanted if project_again(one)]
        for name in done:
            state = State(key=":".join(name.split(":")[1:3]) if document else name)
            log(instance=state, action=TRIED_AGAIN, user=request.user, title=name)
            logger.info("Tried again on request: %s", name)
        if done:
            messages.success(request, _("Tried again: %(count)s.") % {"count": len(done)})
        else:
            messages.warning(request, _("Nothing of that was given up any more."))
        return HttpResponseRedirect(reverse("office_synchronisation"))


def parked_items(user: Any) -> list[GivenUp]:
    """Return what could not be projected, with the way to where `user` mends it."""
    return [_item(state.key, state.reason, user) for state in parked_states()[:SHOWN]]


def refused_documents(user: Any) -> list[GivenUp]:
    """Return what the search engine refused."""
    rows = parked_documents()[:SHOWN]
    return [_item(":".join(row.document.split(":")[1:3]), row.reason, user, row.document) for row in rows]


def _item(key: str, reason: str, user: Any, document: str = "") -> GivenUp:
    kind, _colon, pk = key.partition(":")
    source = registry[kind] if kind in registry else None
    found = source.model.objects.filter(pk=pk).first() if source else None
    return GivenUp(
        key=key,
        name=str(found) if found else key,
        kind=str(source.label) if source else kind,
        url=(AdminURLFinder(user).get_edit_url(found) or "") if found else "",
        reason=reason,
        document=document,
    )
