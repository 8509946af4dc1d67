"""`{% linked html language key %}`: a text with its mentions linked, inserted while rendering. `{% links_switch %}`."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.audiences import audience_of
from links.html import link_html
from links.names import Names, names_for
from links.preference import wants_links
from links.suppression import Suppressed

register = template.Library()


@register.simple_tag(takes_context=True)
def linked(context: dict[str, Any], html: str, language: str, key: str = "") -> SafeString:
    """Return `html` (already safe) with the names that this reader may know linked; never to `key` itself.

    Nothing is linked for readers who switched links off, and where staff want none.
    """
    request = context.get("request")
    if request is not None:
        request.has_links = True
    if not wants_links(request):
        return mark_safe(html)
    names = _names(context)
    suppressed = Suppressed(names.suppressions, key)
    if suppressed.everything:
        return mark_safe(html)

    def href(target: str) -> str | None:
        route = names.route(target, get_language() or "en")
        return reverse(route[0], args=route[1:]) if route else None

    finder = suppressed.without(names.finder(language))
    return mark_safe(link_html(str(html), finder, href, {key} | suppressed.targets, names.everywhere(language)))


@register.inclusion_tag("links/switch.html", takes_context=True)
def links_switch(context: dict[str, Any]) -> dict[str, Any]:
    """Return the form by which a reader switches links in texts off and on, on pages that have such texts."""
    request = context.get("request")
    path = request.get_full_path() if getattr(request, "has_links", False) else ""
    return {"on": wants_links(request), "path": path}


def _names(context: dict[str, Any]) -> Names:
    """Return the reader's names, looked up once a page."""
    render = context.render_context  # type: ignore[attr-defined]
    request = context.get("request")
    holder = request if request is not None else render
    names = getattr(holder, "_names", None)
    if names is None:
        from_user = getattr(request, "user", None)
        names = names_for(audience_of(from_user) if from_user is not None else "public")
        holder._names = names
    return names
