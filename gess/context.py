"""What every template knows."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language, get_language_from_path
from django.utils.translation import gettext_lazy as _

SECTIONS = [
    ("library:list", _("Library")),
    ("glossary:list", _("Glossary")),
    ("countries:list", _("Countries")),
    ("themes:list", _("Themes")),
    ("experts:list", _("Experts")),
    ("questions:list", _("Questions")),
]

# The free pages of the starter content, named here so that no page asks the database for its footer. An editor who
# deletes one of them for good takes it out of this list.
ABOUT = [
    ("what-gess-is", _("What GESS is")),
    ("how-content-is-reviewed", _("How content is reviewed")),
    ("accessibility", _("Accessibility")),
    ("privacy", _("Privacy")),
    ("api-and-feeds", _("API and feeds")),
    ("content-licence", _("Content licence")),
]


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the sections, the pages about the service, the language switch and the text of the search box."""
    sections = []
    for name, label in SECTIONS:
        url = reverse(name)
        sections.append({"label": label, "url": url, "current": request.path.startswith(url)})
    languages = [
        {
            "code": code,
            "label": label,
            "short": code.capitalize(),
            "url": _in_language(request, code),
            "current": code == get_language(),
        }
        for code, label in settings.LANGUAGES
    ]
    about = [{"label": label, "url": reverse("about", args=[slug])} for slug, label in ABOUT]
    about.append({"label": _("Contact"), "url": reverse("contact:form")})
    return {
        "sections": sections,
        "about_pages": about,
        "site_languages": languages,
        "search_text": request.GET.get("q", ""),
    }


def _in_language(request: HttpRequest, code: str) -> str:
    """Return the address of the same page in another language; account pages say it by where they lead back to."""
    path = request.get_full_path()
    if get_language_from_path(request.path):
        return translate_url(path, code)
    back = request.GET.get("next", "")
    back = translate_url(back, code) if get_language_from_path(back) else f"/{code}/"
    return f"{request.path}?{urlencode({'next': back})}"
