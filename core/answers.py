"""Answers that programs fetch again and again: feeds, sitemaps."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control


def public_answer(request: HttpRequest, body: bytes, content_type: str, max_age: int) -> HttpResponse:
    """Return an answer that is the same for everybody, or 304 to who has it already (RFC 9110, section 13)."""
    response = HttpResponse(body, content_type=content_type)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=max_age)
    return get_conditional_response(request, etag=etag, response=response)
