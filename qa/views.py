"""Reading questions, and one's own."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.panels import actions_for
from qa.choices import AnswerState, Moderation, Status
from qa.forms import AnswerForm, AssignForm, CommentForm
from qa.list_page import list_context
from qa.listing import items_of
from qa.metadata import list_metadata, question_metadata
from qa.models import Question
from qa.policy import can, is_editor, is_expert
from qa.thread_page import Edition, find, thread_context
from qa.transitions import is_possible
from sync.drain import before_read


@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """All questions that the reader may see. Read from the rows themselves, so nothing has to be projected first."""
    return render(request, "qa/list.html", {**list_context(request), "metadata": list_metadata(request)})


@require_safe
def question(request: HttpRequest, number: int) -> HttpResponse:
    before_read()
    return thread(request, visible(request, number))


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """One's own questions; for experts those to answer; for editors what waits for them."""
    user = request.user
    cases = Question.objects.cases_visible_to(user).order_by("-number")
    sections = [(_("Asked by me"), cases.filter(asker=user))]
    if is_expert(user):
        assigned = cases.filter(assignments__expert=user, assignments__released_at=None)
        sections.append((_("For me to answer"), assigned))
    if is_editor(user):
        waiting = cases.filter(answers__versions__state=AnswerState.IN_CLEARANCE).distinct()
        unassigned = cases.filter(status__in=(Status.SUBMITTED, Status.TRIAGED))
        sections += [(_("Answers to check"), waiting), (_("Questions without an expert"), unassigned)]
    rows = [(heading, items_of(list(found[:100]), user, with_answers=True)) for heading, found in sections]
    return render(request, "qa/mine.html", {"groups": rows})


def visible(request: HttpRequest, number: int) -> Question:
    """Return a question that the reader may see. Raises Http404."""
    found = find(number, request.user)
    if found is None:
        raise Http404
    return found


def thread(request: HttpRequest, question: Question, status: int = 200, **bound: forms.Form) -> HttpResponse:
    """Show the page of a question; `bound` are forms that were sent and not accepted."""
    context = thread_context(request, question)
    context["metadata"] = question_metadata(request, question, context)
    context |= _actions(request.user, question, context["edition"])
    context |= _forms(request.user, question, context["edition"]) | bound
    context["wrong"] = next(iter(bound.values()), None)
    context["report_url"] = next((action.url for action in actions_for(question.key)), "")
    context["ask_url"] = reverse("questions:ask")
    return render(request, "qa/question.html", context, status=status)


def _forms(user: Any, question: Question, edition: Edition) -> dict[str, forms.Form]:
    """Return the forms that this reader may send now."""
    version = {"lock_version": question.lock_version}
    found: dict[str, forms.Form] = {}
    if can(user, "comment", question):
        found["comment_form"] = CommentForm(notes=can(user, "comment_internally", question))
    if question.asker_id != user.pk and can(user, "answer", question) and is_possible("deliver", question.status):
        own = [answer for answer in edition.answers if answer.version and answer.version.author_id == user.pk]
        text = own[-1].body_md if own else ""
        found["answer_form"] = AnswerForm(initial={**version, "text": text})
    if can(user, "assign", question) and is_possible("assign", question.status):
        found["assign_form"] = AssignForm(initial=version)
    return found


def _actions(user: Any, question: Question, edition: Edition) -> dict[str, Any]:
    """Return what this reader may do now with one button or on a page of its own."""
    edits = can(user, "publish", question)
    own = can(user, "consent", question)
    return {
        "checks": [answer.version for answer in edition.answers if answer.version and _to_check(user, answer.version)],
        "hide": can(user, "moderate", question) and question.moderation == Moderation.CLEAR,
        "restore": can(user, "moderate", question) and question.moderation != Moderation.CLEAR,
        "unpublish": edits and bool(question.published),
        "withdraw": can(user, "withdraw", question) and is_possible("withdraw", question.status),
        "give_consent": own and question.consented_at is None,
        "take_consent": own and question.consented_at is not None,
    }


def _to_check(user: Any, version: Any) -> bool:
    """Editors check what waits, and publish what is cleared."""
    if version.state == AnswerState.CLEARED:
        return can(user, "publish", version.answer.question)
    return can(user, "clear", version)
