"""The public pages of experts."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from experts.cv_page import page_context, preview_context
from experts.list_page import list_context
from experts.metadata import expert_metadata, list_metadata
from experts.models import ExpertProfile
from experts.parts import fetch_parts
from sync.drain import before_read

ExpertProfile.page_context = staticmethod(preview_context)


@require_safe
def expert_list(request: HttpRequest) -> HttpResponse:
    """All experts with filters."""
    before_read()
    return render(request, "experts/list.html", {**list_context(request), "metadata": list_metadata(request)})


@require_safe
def expert(request: HttpRequest, slug: str) -> HttpResponse:
    """One expert's CV, as far as the reader may know it."""
    before_read()
    profile = ExpertProfile.objects.visible_to(request.user).with_indexable().filter(slug=slug).first()
    if profile is None:
        raise Http404
    fetch_parts([profile])
    context = page_context(profile, request)
    return render(request, "experts/expert.html", {**context, "metadata": expert_metadata(request, context)})
