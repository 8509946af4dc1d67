"""Asking: the form, what is known already, and sending."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.panels import similar
from core.presentation import Item
from qa import drafts
from qa.forms import AskForm, attempt, status_of
from qa.policy import can
from qa.services import submit_question
from sync.drain import before_read


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Show the form; keep what a visitor wrote while he signs in; show what is known; send.

    Visitors write too: only sending needs an account, and nothing typed is lost on the way.
    """
    if request.method != "POST":
        kept = drafts.kept(request)
        initial = {"language": get_language(), **kept}
        return _page(request, AskForm(initial=initial), draft=bool(kept))
    if not request.user.is_authenticated:
        drafts.keep(request, request.POST)
        messages.info(request, _("Sign in to send your question. Your text is kept."))
        return redirect_to_login(reverse("questions:ask"))
    if not can(request.user, "ask"):
        raise PermissionDenied
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    found = [] if form.cleaned_data["seen"] else _known(request, form)
    if found:
        return _page(request, _once_more(form), known=found)
    sent = attempt(
        form, lambda: submit_question(asker=request.user, mail_language=get_language() or "en", **form.question())
    )
    if sent is None:
        return _page(request, form, status=status_of(form))
    drafts.forget(request)
    messages.success(
        request,
        _("Question %(number)s was sent. We write to you when it is answered.") % {"number": sent.number},
    )
    return redirect(sent)


def _known(request: HttpRequest, form: AskForm) -> list[Item]:
    """Return questions, terms and resources that may answer already."""
    before_read()
    return similar(f"{form.cleaned_data['title']}\n{form.cleaned_data['body']}", request.user)


def _once_more(form: AskForm) -> AskForm:
    """Return the same form, which says that what is known was shown."""
    data = form.data.copy()
    data["seen"] = "1"
    return AskForm(data)


def _page(
    request: HttpRequest, form: AskForm, *, status: int = 200, known: list[Item] | None = None, draft: bool = False
) -> HttpResponse:
    context = {"form": form, "known": known or [], "draft": draft}
    return render(request, "qa/ask.html", context, status=status)
