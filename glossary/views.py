"""The public pages of the glossary, its popovers, and its permanent addresses."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from glossary.alphabet import list_context
from glossary.headwords import address
from glossary.metadata import list_metadata, term_metadata
from glossary.models import Concept
from glossary.sections import Parts, in_order, readable_parts, row
from glossary.term_page import canonical_slug, page_context, preview_context
from links.related import checked, heading_of, mentioning
from sync.drain import before_read
from sync.presentation import items

Concept.page_context = staticmethod(preview_context)  # previews show the same page
PER_PAGE = 50


@require_safe
def term_list(request: HttpRequest) -> HttpResponse:
    """Terms from A to Z. Read from the concepts themselves, so nothing has to be projected first."""
    return render(request, "glossary/list.html", {**list_context(request), "metadata": list_metadata(request)})


@require_safe
def term(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The page of a concept. Its number decides; a slug that none of its languages has leads to the right one."""
    before_read()
    concept, parts = _visible(request, number)
    right = canonical_slug(parts)
    if slug not in {part.slug for _section, words in parts for part in words if part.is_head}:
        return redirect(address(right, number), permanent=True)
    if kind := request.GET.get("in"):
        return _mentions(request, concept, parts, kind)
    context = page_context(concept, parts, request)
    metadata = term_metadata(request, concept, context)
    response = render(request, "glossary/term.html", {**context, "metadata": metadata})
    response["Link"] = f'<{metadata.canonical}>; rel="canonical"'
    return response


def _mentions(request: HttpRequest, concept: Concept, parts: list[Parts], kind: str) -> HttpResponse:
    """All entries of one kind that mention the concept."""
    documents = mentioning(f"term:{concept.pk}", request.user).filter(kind=kind)
    page = Paginator(documents, PER_PAGE).get_page(request.GET.get("page"))
    if not page.paginator.count:
        raise Http404
    context = {
        "title": str(row(in_order(parts)[0], {}).head),
        "heading": heading_of(kind),
        "url": address(canonical_slug(parts), concept.number),
        "items": items(checked(page, request.user)),
        "count": page.paginator.count,
        "previous_url": f"?in={kind}&page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?in={kind}&page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "glossary/mentions.html", context)


@require_safe
def number_only(request: HttpRequest, number: int) -> HttpResponse:
    _concept, parts = _visible(request, number)
    return redirect(address(canonical_slug(parts), number), permanent=True)


@require_safe
@cache_control(no_cache=True)
@conditional_page
def popover(request: HttpRequest, number: int) -> HttpResponse:
    """What a link to the term says before it is followed: a fragment, answered 304 while it stays the same."""
    _concept, parts = _visible(request, number)
    shown = row(in_order(parts)[0], {})
    return render(request, "glossary/popover.html", {"row": shown, "url": address(canonical_slug(parts), number)})


@require_safe
def permanent(request: HttpRequest, number: int) -> HttpResponse:
    """The address that is cited: leads to the page in the language that the browser asks for."""
    with override(get_language_from_request(request)):
        _concept, parts = _visible(request, number)
        response = HttpResponseRedirect(address(canonical_slug(parts), number), status=303)
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _visible(request: HttpRequest, number: int) -> tuple[Concept, list[Any]]:
    concept, parts = readable_parts(int(number), request.user)
    if concept is None:
        raise Http404
    return concept, parts
