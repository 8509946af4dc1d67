"""What the page of a resource tells machines: schema.org, Highwire Press tags (Google Scholar, Zotero), Dublin Core."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.metadata import Metadata, address_in, canonical_address, graph, interface_page, locale_of, shortened
from library.choices import AgentKind, ResourceType, Role
from library.models import Agent, Contribution, Resource
from library.records import Record

Tag = tuple[str, str, str]  # name, content, language or ""

# https://schema.org/CreativeWork and its subtypes
KINDS = {
    ResourceType.ACTUARIAL_REPORT: "Report",
    ResourceType.ARTICLE: "ScholarlyArticle",
    ResourceType.BOOK: "Book",
    ResourceType.CASE_STUDY: "Report",
    ResourceType.CHAPTER: "Chapter",
    ResourceType.CONFERENCE_PAPER: "ScholarlyArticle",
    ResourceType.DATASET: "Dataset",
    ResourceType.EVALUATION: "Report",
    ResourceType.GUIDE: "DigitalDocument",
    ResourceType.INTERNATIONAL_INSTRUMENT: "Legislation",
    ResourceType.LEGISLATION: "Legislation",
    ResourceType.MULTIMEDIA: "VideoObject",
    ResourceType.POLICY_BRIEF: "Report",
    ResourceType.PRESENTATION: "PresentationDigitalDocument",
    ResourceType.REPORT: "Report",
    ResourceType.TOOL: "SoftwareApplication",
    ResourceType.TRAINING_MATERIAL: "LearningResource",
    ResourceType.WEB_RESOURCE: "WebPage",
    ResourceType.WORKING_PAPER: "Report",
}

# Zotero reads the type from which of these stands there: the tag of the container, and that of its number.
CONTAINERS = {
    ResourceType.ARTICLE: "citation_journal_title",
    ResourceType.CHAPTER: "citation_inbook_title",
    ResourceType.CONFERENCE_PAPER: "citation_conference_title",
}
REPORTS = {kind for kind, name in KINDS.items() if name in ("Report", "DigitalDocument")}


def list_metadata(request: HttpRequest) -> Metadata:
    return interface_page(
        request,
        _("Library"),
        _("Documents by type, theme, country, language and year."),
        ["library:list"],
        feeds=[(f"GESS: {_('Resources')}", reverse("library:feed"))],
    )


def agents_metadata(request: HttpRequest) -> Metadata:
    return interface_page(request, _("Authors and publishers"), _("Authors and publishers"), ["library:agents"])


def agent_metadata(request: HttpRequest, agent: Agent) -> Metadata:
    """A page of works, about whoever made them."""
    kind = "Person" if agent.kind == AgentKind.PERSON else "Organization"
    route = ["library:agent", agent.pk]
    about = {"@type": kind, "name": agent.name}
    return interface_page(
        request,
        agent.name,
        _("Resources by %(name)s") % {"name": agent.name},
        route,
        jsonld=(graph("CollectionPage", name=agent.name, about=about),),
    )


def resource_metadata(
    request: HttpRequest, resource: Resource, record: Record, editions: Sequence[Resource], byline: str
) -> Metadata:
    """Return the head of a resource; `record` is what is cited, `editions` are those the reader may see."""
    absolute = request.build_absolute_uri
    addresses = {edition.language: absolute(address_of(edition)) for edition in editions}
    canonical = absolute(address_of(resource))
    original = next((edition for edition in editions if edition.is_original), resource)
    alternates = [*addresses.items(), ("x-default", absolute(address_of(original)))] if len(addresses) > 1 else []
    description = resource.abstract or ". ".join(filter(None, (record.title, byline)))
    return Metadata(
        title=record.title,
        description=shortened(description),
        canonical=canonical,
        alternates=tuple(alternates),
        robots="noindex" if resource.is_new_draft else "",
        og_type="book" if resource.type == ResourceType.BOOK else "article",
        locale=locale_of(resource.language),
        jsonld=(_work(request, resource, record, canonical, addresses),),
        tags=tuple(tag for tag in (*_highwire(resource, record, canonical), *_dublin_core(resource, record)) if tag[1]),
    )


def address_of(resource: Resource) -> str:
    """Return the canonical address without host; a preview of a new resource has no number yet."""
    if not resource.number:
        return address_in("en", ["library:list"])
    return canonical_address(resource.language, ["library:resource", resource.number])


# --- schema.org -------------------------------------------------------------------------------------------------------
def _work(
    request: HttpRequest, resource: Resource, record: Record, canonical: str, addresses: dict[str, str]
) -> dict[str, Any]:
    """Return the work as printed. Its parts come from rows that are fetched already."""
    parts = list(resource.contributions.all())
    made = {role: [_agent(part) for part in parts if part.role == role] for role in Role}
    translations = [
        {"@type": "CreativeWork", "inLanguage": language, "url": url}
        for language, url in addresses.items()
        if language != resource.language
    ]
    permanent = reverse("permanent:resource", args=[resource.number]) if resource.number else ""
    return graph(
        KINDS[ResourceType(resource.type)],
        **{"@id": request.build_absolute_uri(permanent)},
        name=record.title,
        url=canonical,
        inLanguage=resource.language,
        abstract=resource.abstract,
        author=made[Role.AUTHOR] or made[Role.ISSUER],
        publisher=made[Role.PUBLISHER] or made[Role.ISSUER],
        datePublished=record.date,
        isPartOf=_container(record),
        isbn=list(record.isbns),
        identifier=[
            {"@type": "PropertyValue", "propertyID": i.scheme, "value": i.raw} for i in resource.identifiers.all()
        ],
        sameAs=[*([f"https://doi.org/{record.doi}"] if record.doi else []), *([resource.url] if resource.url else [])],
        about=[{"@type": "DefinedTerm", "name": str(theme)} for theme in resource.themes.all()],
        spatialCoverage=[
            {"@type": "Country", "name": str(country), "identifier": country.iso3}
            for country in resource.countries.all()
        ],
        workTranslation=translations if resource.is_original else [],
        translationOfWork=[] if resource.is_original else translations,
    )


def _agent(part: Contribution) -> dict[str, str]:
    kind = "Person" if part.agent.kind == AgentKind.PERSON else "Organization"
    return {"@type": kind, "name": part.printed}


def _property(name: str, value: str) -> dict[str, str]:
    return {"@type": "PropertyValue", "propertyID": name, "value": value}


def _container(record: Record) -> dict[str, str]:
    if not record.series:
        return {}
    article = record.type == ResourceType.ARTICLE
    return {"@type": "Periodical" if article else "CreativeWorkSeries", "name": record.series}


# --- Highwire Press: https://scholar.google.com/intl/en/scholar/inclusion.html ----------------------------------------
def _highwire(resource: Resource, record: Record, canonical: str) -> Iterator[Tag]:
    """Yield the tags of a citation. A body stands as printed, without comma, so that nobody splits its name."""
    kind = ResourceType(resource.type)
    yield "citation_title", record.title, resource.language
    for name in record.persons or record.bodies:
        yield "citation_author", name, ""
    yield "citation_publication_date", record.date.replace("-", "/"), ""
    yield "citation_language", record.language, ""
    publisher = "; ".join(record.publishers or record.bodies)
    if kind in REPORTS:
        # Without this tag Zotero takes a report for an article of a journal without name.
        yield "citation_technical_report_institution", publisher or "; ".join(record.persons), ""
        yield "citation_technical_report_number", record.series_number, ""
    else:
        yield "citation_publisher", publisher, ""
    if container := CONTAINERS.get(kind):
        yield container, record.series, ""
    if kind == ResourceType.ARTICLE:
        volume, issue = record.volume
        yield "citation_volume", volume, ""
        yield "citation_issue", issue, ""
    if record.page_range[0]:
        first, last = record.page_range
        yield "citation_firstpage", first, ""
        yield "citation_lastpage", last, ""
    yield "citation_doi", record.doi, ""
    for isbn in record.isbns:
        yield "citation_isbn", isbn, ""
    yield "citation_keywords", "; ".join(str(theme) for theme in resource.themes.all()), ""
    yield "citation_public_url", canonical, ""


# --- Dublin Core: https://www.dublincore.org/specifications/dublin-core/dcmi-terms/ -----------------------------------
def _dublin_core(resource: Resource, record: Record) -> Iterator[Tag]:
    """Yield what the tags above do not say, in the fifteen elements that harvesters of old know."""
    yield "DC.title", record.title, resource.language
    for name in record.persons or record.bodies:
        yield "DC.creator", name, ""
    yield "DC.date", record.date, ""
    yield "DC.language", record.language, ""
    yield "DC.publisher", "; ".join(record.publishers or record.bodies), ""
    yield "DC.type", "Dataset" if resource.type == ResourceType.DATASET else "Text", ""
    for country in resource.countries.all():
        yield "DC.coverage", str(country), ""
