"""What the office's own desks hold: drafts of every kind, and what readers wrote. Other apps register theirs."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.panels import register_desk
from glossary.models import Concept
from library.models import Resource
from office.models import ContactMessage, ErrorReport, State
from office.reports import pages_not_published
from sync.backlog import parked_states


def _register(label: str, model: type[Model], **filters: Any) -> None:
    """Register the rows of a model with a list at /cms/: these filters are those of the list."""
    permission = f"{model._meta.app_label}.change_{model._meta.model_name}"

    def count(user: Any) -> int:
        return model.objects.filter(**filters).count() if user.has_perm(permission) else 0

    register_desk(label, count, _address(model, filters))


def _address(model: type[Model], filters: dict[str, Any]) -> Callable[[], str]:
    return lambda: f"{reverse(model.snippet_viewset.get_url_name('list'))}?{urlencode(filters)}"


_register(_("Open error reports"), ErrorReport, state=State.OPEN)
_register(_("Open contact messages"), ContactMessage, state=State.OPEN)
_register(_("Resources not published"), Resource, live=False)
_register(_("Terms not published"), Concept, live=False)
register_desk(
    _("Items that could not be indexed"),
    lambda user: parked_states().count() if user.has_perm("sync.view_state") else 0,
    lambda: reverse("office_synchronisation"),
)
register_desk(
    _("Pages not published"),
    lambda user: pages_not_published(user).count(),
    lambda: reverse("office_pages_not_published"),
)
