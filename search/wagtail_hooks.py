"""What readers looked for in vain, on the editors' screens."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from search.models import Miss


class NeverWritten(ModelPermissionPolicy):
    """Rows that nobody adds or changes by hand: they are read and deleted."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in {"add", "change"} and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class MissViewSet(SnippetViewSet):
    model = Miss
    icon = "search"
    menu_label = _("Empty searches")  # as much as the menu shows
    menu_order = 820
    add_to_admin_menu = True
    permission_policy = NeverWritten(Miss)
    copy_view_enabled = False
    list_display = ["text", "language", "count", "first_on", "last_on"]
    list_filter = ["language", "last_on"]
    list_export = ["text", "language", "count", "first_on", "last_on"]
    ordering = ["-count", "-last_on"]
    search_fields = ["text"]
    search_backend_name = None  # the database's own comparison: no index to keep


register_snippet(MissViewSet)
