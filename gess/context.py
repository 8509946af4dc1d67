"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

SECTIONS = [("library:list", _("Library")), ("countries:list", _("Countries")), ("themes:list", _("Themes"))]


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the sections, the language switch and the text of the search box."""
    path = request.get_full_path()
    sections = []
    for name, label in SECTIONS:
        url = reverse(name)
        sections.append({"label": label, "url": url, "current": request.path.startswith(url)})
    languages = [
        {
            "code": code,
            "label": label,
            "short": code.capitalize(),
            "url": translate_url(path, code),
            "current": code == get_language(),
        }
        for code, label in settings.LANGUAGES
    ]
    return {"sections": sections, "site_languages": languages, "search_text": request.GET.get("q", "")}
