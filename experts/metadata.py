"""What the pages of experts tell machines: https://schema.org/ProfilePage. Never how to reach anybody."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.languages import language_name
from core.metadata import Metadata, address_in, canonical_address, graph, interface_page, locale_of, shortened
from experts.cv import CV


def list_metadata(request: HttpRequest) -> Metadata:
    return interface_page(
        request,
        _("Experts"),
        _("Experts on the extension of social security, with what they worked on."),
        ["experts:list"],
        feeds=[(f"GESS: {_('Experts')}", reverse("experts:feed"))],
    )


def expert_metadata(request: HttpRequest, context: Mapping[str, Any]) -> Metadata:
    """Describe a CV as far as the reader may know it; who did not agree to search engines is told to none."""
    cv: CV = context["expert"]
    route = ["experts:detail", cv.slug]
    text = context["text"]
    language = text.language if text else get_language() or "en"
    canonical = request.build_absolute_uri(canonical_address(language, route))
    spoken = {each.language: request.build_absolute_uri(canonical_address(each.language, route)) for each in cv.texts}
    named = not context["noindex"]
    default = ("x-default", request.build_absolute_uri(address_in("en" if "en" in spoken else language[:2], route)))
    return Metadata(
        title=cv.name,
        description=shortened(text.headline if text else cv.name),
        canonical=canonical,
        alternates=(*spoken.items(), default) if named and len(set(spoken.values())) > 1 else (),
        og_type="profile",
        locale=locale_of(language),
        jsonld=(_profile(cv, context, canonical, language),) if named else (),
    )


def _profile(cv: CV, context: Mapping[str, Any], canonical: str, language: str) -> dict[str, Any]:
    topics = [label for heading, values in context["glance"] if heading == _("Topics") for label, _url in values]
    person = {
        "@type": "Person",
        "name": cv.name,
        "url": canonical,
        "jobTitle": context["text"].headline if context["text"] else "",
        "knowsAbout": topics,
        "knowsLanguage": [
            {"@type": "Language", "name": language_name(s.language), "alternateName": s.language} for s in cv.languages
        ],
    }
    return graph("ProfilePage", url=canonical, inLanguage=language, mainEntity=person)
