"""What home, country and theme pages tell machines, from the contexts that readers get."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.metadata import Metadata, address_in, graph, in_all_languages, interface_page, locale_of, shortened
from taxonomy.models import Country, Theme


def home_metadata(request: HttpRequest) -> Metadata:
    """The site, and how to search it: https://schema.org/WebSite."""
    absolute = request.build_absolute_uri
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{absolute(reverse('search'))}?q={{search_term_string}}"},
        "query-input": "required name=search_term_string",
    }
    site = graph(
        "WebSite",
        name="GESS",
        alternateName=_("Global Extension of Social Security"),
        url=absolute(reverse("home")),
        inLanguage=get_language(),
        potentialAction=search,
    )
    return interface_page(
        request,
        _("Global Extension of Social Security"),
        _("How countries extend social security, and what can be learnt from it."),
        ["home"],
        feeds=[(f"GESS: {_('Resources')}", reverse("library:feed"))],
        jsonld=(site,),
    )


def countries_metadata(request: HttpRequest) -> Metadata:
    return interface_page(
        request,
        _("Countries"),
        _("Countries, with facts and documents on their social security."),
        ["countries:list"],
        feeds=[(f"GESS: {_('Countries')}", reverse("countries:feed"))],
    )


def themes_metadata(request: HttpRequest) -> Metadata:
    return interface_page(
        request,
        _("Themes"),
        _("Themes of social security, with their documents and countries."),
        ["themes:list"],
        feeds=[(f"GESS: {_('Themes')}", reverse("themes:feed"))],
    )


def country_metadata(request: HttpRequest, row: Country, context: Mapping[str, Any]) -> Metadata:
    about = {"@type": "Country", "name": str(row), "identifier": row.iso3}
    fallback = _("%(name)s: documents and facts on social security.") % {"name": row}
    return _topic(request, ["countries:detail", row.iso3.lower()], str(row), fallback, about, context)


def theme_metadata(request: HttpRequest, row: Theme, context: Mapping[str, Any]) -> Metadata:
    terms = {"@type": "DefinedTermSet", "name": _("Themes"), "url": request.build_absolute_uri(reverse("themes:list"))}
    about = {"@type": "DefinedTerm", "name": str(row), "termCode": row.slug, "inDefinedTermSet": terms}
    fallback = _("%(name)s: documents and countries.") % {"name": row}
    return _topic(request, ["themes:detail", row.slug], str(row), fallback, about, context)


def free_metadata(request: HttpRequest, context: Mapping[str, Any]) -> Metadata:
    page = context["page"]
    return _topic(request, ["about", page.slug], page.title, page.lead, {}, context)


def _topic(
    request: HttpRequest, route: list[str], name: str, fallback: str, about: dict[str, Any], context: Mapping[str, Any]
) -> Metadata:
    """Describe a page about a topic: the shown edition's address is canonical; without a page, that of the reader."""
    absolute = request.build_absolute_uri
    page = context.get("page")
    editions = {language: absolute(url) for _name, language, url, _shown in context.get("editions") or () if url}
    language = next((e[1] for e in context.get("editions") or () if e[3]), get_language() or "en")
    canonical = absolute(address_in(language, route))
    title = page.title if page else name
    description = shortened(page.lead if page and page.lead else fallback)
    described = graph(
        "WebPage",
        name=title,
        url=canonical,
        inLanguage=language,
        description=description,
        lastReviewed=page.reviewed_on if page else None,
        about=about,
    )
    return Metadata(
        title=title,
        description=description,
        canonical=canonical,
        alternates=_alternates(editions) if page else in_all_languages(request, route),
        robots="noindex" if page and not page.live else "",
        og_type="article" if page else "website",
        locale=locale_of(language),
        jsonld=(described,),
    )


def _alternates(editions: dict[str, str]) -> tuple[tuple[str, str], ...]:
    if len(editions) < 2:
        return ()
    return (*editions.items(), ("x-default", editions.get("en") or next(iter(editions.values()))))
