"""Reporting an error, in two pages: the form, and that it was sent."""

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
from office.forms import ErrorReportForm

LIMIT = 5  # reports of one address in an hour
HOUR = 3600


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Show the form about `?about=kind:pk`; keep a valid report. What was written stays in the form on any error."""
    about = _about(request)
    form = ErrorReportForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            if form.is_from_a_program():
                return _sent(about)  # learns nothing
            if take("report", address_of(request), LIMIT, HOUR):
                _keep(form, about)
                return _sent(about)
            form.add_error(None, _("Too many reports came from your address. Send this one again in an hour."))
            status = 429
        else:
            status = 422
    return render(request, "office/report.html", {"form": form, "about": about, "return_url": about.url}, status=status)


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
