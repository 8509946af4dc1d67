"""The addresses of GESS and one more: a view that does nothing, behind the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from gess.urls import urlpatterns as ours

EMPTY = "/empty/"


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"")


urlpatterns = [path(EMPTY.strip("/") + "/", empty), *ours]
