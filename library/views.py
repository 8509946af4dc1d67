"""The public pages of the library, and its permanent addresses."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override
from django.views.decorators.http import require_safe

from library.agent_pages import agent_context, agents_context
from library.entries import fetch_parts
from library.exports import bibtex, ris
from library.list_page import list_context
from library.models import Resource
from library.record_page import (
    MEDIA_TYPES,
    fetch_topics,
    link_header,
    page_context,
    permanent_address,
    visible_editions,
)
from library.records import record_of
from sync.drain import before_read

Resource.page_context = staticmethod(page_context)  # previews show the same page
WRITERS = {"ris": ris, "bib": bibtex}


@require_safe
def resource_list(request: HttpRequest) -> HttpResponse:
    """All resources with filters. Read from the records themselves, so nothing has to be projected first."""
    return render(request, "library/list.html", list_context(request))


@require_safe
def resource(request: HttpRequest, number: int) -> HttpResponse:
    """The landing page of one language edition."""
    before_read()
    editions = visible_editions(number, request.user)
    shown = next((edition for edition in editions if edition.number == number), None)
    if shown is None:
        raise Http404
    fetch_parts([shown], "identifiers")
    fetch_topics(shown)
    response = render(request, "library/resource.html", page_context(shown, request, editions))
    response["Link"] = link_header(request, shown, editions)
    return response


@require_safe
def agent_list(request: HttpRequest) -> HttpResponse:
    return render(request, "library/agents.html", agents_context(request))


@require_safe
def agent(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "library/agent.html", agent_context(request, pk))


@require_safe
def permanent(request: HttpRequest, number: int) -> HttpResponse:
    """The address that is cited: leads to the landing page in the language that the browser asks for."""
    found = _visible(request, number)
    with override(get_language_from_request(request)):
        response = HttpResponseRedirect(found.get_absolute_url(), status=303)
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def export(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """One record as a file for a reference manager."""
    found = _visible(request, number)
    fetch_parts([found], "identifiers")
    text = WRITERS[form]([record_of(found, request.build_absolute_uri(permanent_address(found)))])
    response = HttpResponse(text, content_type=f"{MEDIA_TYPES[form]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="gess-{number}.{form}"'
    return response


def _visible(request: HttpRequest, number: int) -> Resource:
    found = Resource.objects.visible_to(request.user).filter(number=number).first()
    if found is None:
        raise Http404
    return found
