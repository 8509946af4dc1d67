"""The public pages of experts."""

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from experts.choices import Purpose
from experts.cv_page import page_context, preview_context
from experts.list_page import list_context
from experts.models import Consent, ExpertProfile
from experts.parts import fetch_parts
from sync.drain import before_read

ExpertProfile.page_context = staticmethod(preview_context)


@require_safe
def expert_list(request: HttpRequest) -> HttpResponse:
    """All experts with filters."""
    before_read()
    return render(request, "experts/list.html", list_context(request))


@require_safe
def expert(request: HttpRequest, slug: str) -> HttpResponse:
    """One expert's CV, as far as the reader may know it."""
    before_read()
    agreed = Consent.objects.filter(profile=OuterRef("pk"), purpose=Purpose.SEARCH, withdrawn_at=None)
    profiles = ExpertProfile.objects.visible_to(request.user).annotate(indexable=Exists(agreed))
    profile = profiles.filter(slug=slug).first()
    if profile is None:
        raise Http404
    fetch_parts([profile])
    return render(request, "experts/expert.html", page_context(profile, request))
