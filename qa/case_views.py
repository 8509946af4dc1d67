"""Working on a question: each form posts to an address of its own, and comes back with its text if it is refused."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.languages import direction, language_name
from qa import services
from qa.choices import AnswerState
from qa.entries import latest_text
from qa.forms import AnswerForm, AssignForm, CommentForm, PublishForm, ReturnForm, attempt, status_of
from qa.models import AnswerVersion, Comment, Question
from qa.policy import can
from qa.views import thread, visible


def _case(request: HttpRequest, number: int, action: str) -> Question:
    """Return the question if the user may do this to it: others are not told that it is there."""
    question = visible(request, number)
    if not can(request.user, action, question):
        raise Http404
    return question


@require_POST
@login_required
def comment(request: HttpRequest, number: int) -> HttpResponse:
    question = _case(request, number, "comment")
    form = CommentForm(request.POST, notes=can(request.user, "comment_internally", question))
    if form.is_valid() and attempt(
        form, lambda: services.add_comment(author=request.user, question=question, **form.cleaned_data)
    ):
        return redirect(f"{question.get_absolute_url()}#comments")
    return thread(request, question, status_of(form), comment_form=form)


@require_POST
@login_required
def answer(request: HttpRequest, number: int) -> HttpResponse:
    question = _case(request, number, "answer")
    form = AnswerForm(request.POST)
    if form.is_valid() and attempt(
        form,
        lambda: services.post_answer(
            author=request.user, question=question, draft=request.POST.get("do") == "draft", **form.cleaned_data
        ),
    ):
        messages.success(request, _("Your answer is kept. The editors see it once you send it to them."))
        return redirect(question)
    return thread(request, _renewed(question, form), status_of(form), answer_form=form)


@require_POST
@login_required
def assign(request: HttpRequest, number: int) -> HttpResponse:
    question = _case(request, number, "assign")
    form = AssignForm(request.POST)
    if form.is_valid() and attempt(
        form, lambda: services.assign(actor=request.user, question=question, **form.cleaned_data)
    ):
        return redirect(question)
    return thread(request, _renewed(question, form), status_of(form), assign_form=form)


def _renewed(question: Question, form: Any) -> Question:
    """After a form that was out of date: the next try is for the state that is shown now."""
    data = form.data.copy()
    data["lock_version"] = question.lock_version
    form.data = data
    return question


SIMPLE: dict[str, tuple[str, Callable[..., Any]]] = {
    "hide": ("moderate", services.hide),
    "restore": ("moderate", services.restore),
    "unpublish": ("publish", services.unpublish),
    "withdraw": ("withdraw", services.withdraw),
    "agree": ("consent", partial(services.set_consent, agrees=True)),
    "disagree": ("consent", partial(services.set_consent, agrees=False)),
}


@require_POST
@login_required
def act(request: HttpRequest, number: int, event: str) -> HttpResponse:
    """Do what one button says."""
    action, service = SIMPLE[event]
    question = _case(request, number, action)
    try:
        service(actor=request.user, question=question)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(question)


@require_POST
@login_required
def moderate_comment(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    question = _case(request, number, "moderate")
    found = get_object_or_404(Comment.objects.select_related("question"), pk=pk, question=question)
    services.moderate_comment(actor=request.user, comment=found, hidden="hide" in request.POST)
    return redirect(f"{question.get_absolute_url()}#comments")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def check(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """An editor checks an answer: gives it, publishes it from texts freed of names, or returns it."""
    question = _case(request, number, "publish")
    version = get_object_or_404(
        AnswerVersion.objects.select_related("answer__author", "answer__question"),
        pk=pk, answer__question=question, state__in=(AnswerState.IN_CLEARANCE, AnswerState.CLEARED),
    )  # fmt: skip
    if version.state == AnswerState.IN_CLEARANCE and not can(request.user, "clear", version):
        raise Http404
    if request.method != "POST":
        return _check_page(request, question, version, _publish_form(question, version), ReturnForm())
    return _checked(request, question, version)


def _checked(request: HttpRequest, question: Question, version: AnswerVersion) -> HttpResponse:
    do = request.POST.get("do", "")
    form = ReturnForm(request.POST) if do == "return" else PublishForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        if do == "return":
            done = attempt(
                form, lambda: services.return_answer(actor=request.user, version=version, reason=data["reason"])
            )
        elif do == "clear":
            done = attempt(
                form,
                lambda: services.clear_answer(actor=request.user, version=version, lock_version=data["lock_version"]),
            )
        else:
            done = attempt(form, lambda: services.publish(actor=request.user, version=version, **data))
        if done is not None:
            return redirect(question)
    question.refresh_from_db()
    if do == "return":
        return _check_page(request, question, version, _publish_form(question, version), form, status_of(form))
    return _check_page(request, _renewed(question, form), version, form, ReturnForm(), status_of(form))


def _publish_form(question: Question, version: AnswerVersion) -> PublishForm:
    text = latest_text(question, version.language)
    return PublishForm(
        initial={
            "title": text.title, "body": text.body_md, "answer": version.body_md, "answered_by": version.answer.name,
            "lock_version": question.lock_version,
        }
    )  # fmt: skip


def _check_page(
    request: HttpRequest, question: Question, version: AnswerVersion, form: PublishForm, return_form: ReturnForm,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "question": question,
        "version": version,
        "form": form,
        "return_form": return_form,
        "wrong": return_form if return_form.errors else form,
        "is_new": version.state == AnswerState.IN_CLEARANCE,
        "may_publish": question.consented_at is not None,
        "language_name": language_name(version.language),
        "dir": direction(version.language),
    }
    return render(request, "qa/check.html", context, status=status)
