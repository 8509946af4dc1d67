"""Which audience a user belongs to: the only rule that pages, API, search and feeds start from."""

from typing import Any

from core.entries import AUDIENCES, Audience

EDITOR_PERMISSION = "wagtailadmin.access_admin"


def audience_of(user: Any) -> Audience:
    """Return the narrowest audience whose entries `user` may read: its index holds all that the user may see."""
    if not user.is_authenticated or not user.is_active:
        return "public"
    return "staff" if user.has_perm(EDITOR_PERMISSION) else "members"


def readable_by(audience: Audience) -> tuple[str, ...]:
    """Return the audiences whose entries `audience` may read: its own and every wider one."""
    return AUDIENCES[: AUDIENCES.index(audience) + 1]
