"""The reader's switch: texts with or without links to what they name. Works without script and without a session.

The choice is a cookie that only those have who switched links off. The cache of pages keeps nothing for requests that
bring a cookie, so both kinds of reader get their page.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

COOKIE, OFF = "term_links", "off"
YEAR = 365 * 24 * 3600


def wants_links(request: HttpRequest | None) -> bool:
    return request is None or request.COOKIES.get(COOKIE) != OFF


@csrf_exempt  # a forged request could hide or show links; a token would give every visitor a cookie
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Set the preference to `links` (`on` or `off`) and go back to `next`, a path of ours."""
    path = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(path, allowed_hosts=None) or not path.startswith("/"):
        path = "/"
    response = HttpResponseRedirect(path)
    response.status_code = 303
    if request.POST.get("links") == OFF:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, OFF, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
