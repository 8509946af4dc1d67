"""What the pages of the glossary tell machines: https://schema.org/DefinedTerm."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.metadata import Metadata, canonical_address, graph, interface_page, locale_of, shortened
from glossary.models import Concept
from glossary.sections import Row


def list_metadata(request: HttpRequest) -> Metadata:
    return interface_page(
        request,
        _("Glossary"),
        _("Terms of social security, defined in English, French and Spanish."),
        ["glossary:list"],
        feeds=[(f"GESS: {_('Terms')}", reverse("glossary:feed"))],
        jsonld=(graph("DefinedTermSet", **_glossary(request)),),
    )


def term_metadata(request: HttpRequest, concept: Concept, context: Mapping[str, Any]) -> Metadata:
    """Describe a concept by the sections that the reader may see, each under the address of its language."""
    rows: Sequence[Row] = context["rows"]
    addresses = {row.section.language: request.build_absolute_uri(_address(row, concept)) for row in rows}
    first = rows[0]
    canonical = addresses[first.section.language]
    default = ("x-default", addresses.get("en", canonical))
    return Metadata(
        title=context["title"],
        description=shortened(first.section.definition),
        canonical=canonical,
        alternates=(*addresses.items(), default) if len(addresses) > 1 else (),
        robots="noindex" if context["draft"] else "",
        og_type="article",
        locale=locale_of(first.section.language),
        jsonld=(_term(request, concept, rows, canonical),),
    )


def _term(request: HttpRequest, concept: Concept, rows: Sequence[Row], canonical: str) -> dict[str, Any]:
    """Return the concept with the texts of all languages, each marked as its own."""
    return graph(
        "DefinedTerm",
        **{"@id": request.build_absolute_uri(reverse("glossary-id:concept", args=[concept.number]))},
        url=canonical,
        termCode=concept.number,
        name=[_text(row, str(row.head)) for row in rows],
        alternateName=[_text(row, word.text) for row in rows for word in row.also],
        description=[_text(row, row.section.definition) for row in rows],
        inDefinedTermSet={"@type": "DefinedTermSet", **_glossary(request)},
    )


def _text(row: Row, text: str) -> dict[str, str]:
    return {"@language": row.section.language, "@value": text} if text else {}


def _glossary(request: HttpRequest) -> dict[str, str]:
    return {"name": _("Glossary"), "url": request.build_absolute_uri(reverse("glossary:list"))}


def _address(row: Row, concept: Concept) -> str:
    return canonical_address(row.section.language, ["glossary:term", row.head.slug, concept.number])
