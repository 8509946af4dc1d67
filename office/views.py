"""Reporting an error, and writing to the office: each in two pages, the form, and that it was sent."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.limits import address_of, take
from core.presentation import Item
from office.about import item_about
from office.forms import ContactForm, ErrorReportForm, TrapForm
from office.services import receive_message

LIMIT = 5  # reports, or messages, of one address in an hour
HOUR = 3600


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Show the form about `?about=kind:pk`; keep a valid report. What was written stays in the form on any error."""
    about = _about(request)
    form = ErrorReportForm(request.POST or None)
    again = _("Too many reports came from your address. Send this one again in an hour.")
    status = _received(request, form, "report", again, lambda: _keep(form, about))
    if status == DONE:
        return _sent(about)
    return render(request, "office/report.html", {"form": form, "about": about, "return_url": about.url}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Show the form for messages to the office; keep a valid message, then mail it."""
    form = ContactForm(request.POST or None)
    again = _("Too many messages came from your address. Send this one again in an hour.")
    status = _received(request, form, "contact", again, lambda: receive_message(form.instance, get_language()))
    if status == DONE:
        return HttpResponseRedirect(reverse("contact:sent"))
    return render(request, "office/contact.html", {"form": form}, status=status)


@require_safe
def contact_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "office/contact_sent.html")


DONE = 302


def _received(request: HttpRequest, form: TrapForm, purpose: str, again: str, keep: Callable[[], None]) -> int:
    """Keep what a valid form says; return DONE, or the status under which the form is shown with what is wrong."""
    if request.method != "POST":
        return 200
    if not form.is_valid():
        return 422
    if form.is_from_a_program():
        return DONE  # learns nothing
    if not take(purpose, address_of(request), LIMIT, HOUR):
        form.add_error(None, again)
        return 429
    keep()
    return DONE


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Say thank you, and lead back to the entry."""
    return render(request, "office/report_sent.html", {"about": _about(request)})


def _about(request: HttpRequest) -> Item:
    return item_about(request.GET.get("about", ""), request.user, get_language())


def _keep(form: ErrorReportForm, about: Item) -> None:
    form.instance.about = about.key
    form.instance.address = about.url
    form.instance.language = get_language()
    form.save()


def _sent(about: Item) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('office:sent')}?{urlencode({'about': about.key}, safe=':')}")
