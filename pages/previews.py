"""What a page needs to show itself as readers will see it: the context function of its public view.

Models know no views, so views register their context functions here.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from wagtail.models import Page

Context = Callable[[HttpRequest, Any], dict[str, Any]]
_contexts: dict[type[Page], Context] = {}


def previewed_by(model: type[Page], context: Context) -> None:
    """Say which function gives the context of this page type's template; it gets the request and the page."""
    _contexts[model] = context


class PublicPage:
    """Mixin of page types: previews show the public template with the public view's own context."""

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return _contexts[type(self)](request, self)
