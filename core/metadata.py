"""What a page tells machines: search engines, reference managers, link previews, feed readers.

One `Metadata` per page stands in its context as `metadata`; `components/metadata.html` writes it into the head.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

DESCRIPTION = 300  # characters: search engines cut earlier, link previews hardly later
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
LOCALES = {"en": "en_GB", "fr": "fr_FR", "es": "es_ES"}  # Open Graph wants a territory


@dataclass(frozen=True)
class Metadata:
    """What the head of one page says. Addresses are absolute."""

    title: str
    description: str
    canonical: str
    alternates: tuple[tuple[str, str], ...] = ()  # hreflang and address: language editions, x-default
    robots: str = ""
    og_type: str = "website"
    locale: str = ""
    jsonld: tuple[Mapping[str, Any], ...] = ()  # schema.org
    tags: tuple[tuple[str, str, str], ...] = ()  # name, content, language or "": citation_*, DC.*
    feeds: tuple[tuple[str, str], ...] = ()  # title and address of an Atom feed

    @property
    def scripts(self) -> list[SafeString]:
        """The JSON-LD as it may stand inside a script element: nothing in it can end the element."""
        return [
            mark_safe(json.dumps(filled(graph), ensure_ascii=False, separators=(",", ":")).translate(ESCAPES))
            for graph in self.jsonld
        ]


def filled(value: Any) -> Any:
    """Return the value without what says nothing: empty texts, lists and objects, None. False and 0 say something."""
    if isinstance(value, Mapping):
        pairs = ((name, filled(each)) for name, each in value.items())
        return {name: each for name, each in pairs if each not in (None, "", [], {})}
    if isinstance(value, (list, tuple)):
        return [each for each in map(filled, value) if each not in (None, "", [], {})]
    return value if isinstance(value, (bool, int, float, type(None))) else str(value)


def graph(kind: str, **values: Any) -> dict[str, Any]:
    """Return a schema.org object that stands for itself."""
    return {"@context": "https://schema.org", "@type": kind, **values}


def shortened(text: str) -> str:
    """Return the text in one line, cut at a word where it is too long for a description."""
    line = " ".join(text.split())
    return line if len(line) <= DESCRIPTION else f"{line[: DESCRIPTION - 1].rsplit(' ', 1)[0]}…"


def content_language(tag: str) -> str:
    """Return the interface language under which content in `tag` has its canonical address."""
    language = tag.partition("-")[0]
    return language if language in dict(settings.LANGUAGES) else "en"


def address_in(language: str, route: Sequence[Any]) -> str:
    """Return the address of a route (name and arguments) under an interface language, without host."""
    name, *arguments = route
    with override(language):
        return reverse(name, args=arguments)


def canonical_address(language: str, route: Sequence[Any]) -> str:
    """Return the one address of content in `language`: under its own language, or under English."""
    return address_in(content_language(language), route)


def in_all_languages(request: HttpRequest, route: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    """Return the alternates of a page that speaks every interface language."""
    absolute = request.build_absolute_uri
    pairs = [(code, absolute(address_in(code, route))) for code, _name in settings.LANGUAGES]
    return (*pairs, ("x-default", dict(pairs)["en"]))


def interface_page(
    request: HttpRequest,
    title: Any,
    description: Any,
    route: Sequence[Any],
    feeds: Iterable[tuple[Any, str]] = (),
    **more: Any,
) -> Metadata:
    """Return the metadata of a page whose text is the interface's: lists, and the home page.

    Filters, sorting and pages of a list are views of it: its address without them is the canonical one.
    """
    language = get_language() or "en"
    return Metadata(
        title=str(title),
        description=shortened(str(description)),
        canonical=request.build_absolute_uri(address_in(language, route)),
        alternates=in_all_languages(request, route),
        locale=locale_of(language),
        feeds=tuple((str(label), request.build_absolute_uri(address)) for label, address in feeds),
        **more,
    )


def locale_of(language: str) -> str:
    """Return the language as Open Graph writes it: "fr" is fr_FR, "pt-BR" is pt_BR."""
    return LOCALES.get(language, language.replace("-", "_"))
