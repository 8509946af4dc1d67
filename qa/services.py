"""The use cases: each one transaction that locks the case, checks, writes, notes the event and tells people by name."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.analysis import clean
from core.limits import take
from library.validators import validate_language
from notifications.services import notify
from qa.choices import (
    ANSWERED,
    EDITORS,
    AnswerState,
    CommentAudience,
    Moderation,
    SnapshotState,
    Status,
    Visibility,
)
from qa.citations import parse, resolve, save_citations
from qa.models import Answer, AnswerVersion, Assignment, CaseEvent, Comment, Question, QuestionText, Snapshot
from qa.models.thread import MAX_COMMENT
from qa.policy import can, is_expert
from qa.transitions import IllegalTransition, after
from taxonomy.models import Country, Theme

QUESTIONS_A_DAY = 5
COMMENTS_AN_HOUR = 20
HOUR = 3600
DAY = 24 * HOUR
MAX_TITLE, MAX_BODY, MAX_ANSWER = 200, 10_000, 40_000


class Stale(ValidationError):
    """Somebody changed the case after the form was opened."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody changed this question meanwhile. Your text is kept: look again, then send it."), code="stale"
        )


class Limited(ValidationError):
    """Too much came from one person: what was written stays in the form."""


@dataclass
class Change:
    """A case that is locked and being changed."""

    case: Question
    actor: User

    def move(self, event: str) -> None:
        """Bring the case to where `event` leads. Raises IllegalTransition."""
        before, step = self.case.status, after(event, self.case.status)
        self.case.status, self.case.resolution = step.target, step.resolution
        if step.target == Status.CLOSED:
            self.case.closed_at = timezone.now()
        self.note(event, before)

    def note(self, event: str, before: str = "", **payload: Any) -> None:
        """Append what happened to the case's record."""
        status = self.case.status
        CaseEvent.objects.create(
            question=self.case, actor=self.actor, event=event, from_status=before or status, to_status=status,
            payload=payload,
        )  # fmt: skip


@contextmanager
def changing(question: Question, actor: User, action: str, lock_version: int | None = None) -> Iterator[Change]:
    """Lock the case and check right and version; what the block does is kept whole or not at all.

    Raises PermissionDenied and Stale.
    """
    with transaction.atomic():
        case = Question.objects.select_for_update().get(pk=question.pk)
        require(actor, action, case)
        if lock_version is not None and case.lock_version != lock_version:
            raise Stale
        yield Change(case, actor)
        case.lock_version += 1
        case.save()


def require(actor: Any, action: str, obj: Any = None) -> None:
    """Raise PermissionDenied unless `actor` may do this."""
    if not can(actor, action, obj):
        raise PermissionDenied


def text_of(field: str, text: str, most: int, empty: Any = None) -> str:
    """Return a text ready to be kept. Raises ValidationError if it is too long, or, with `empty` as reason, empty."""
    text = clean(text).replace("\r\n", "\n").strip()
    if empty and not text:
        raise ValidationError({field: empty})
    if len(text) > most:
        raise ValidationError({field: _("Write at most %(most)s characters.") % {"most": most}})
    return text


# --- Asking ----------------------------------------------------------------------------------------------------------
def submit_question(
    *,
    asker: User,
    language: str,
    title: str,
    body: str,
    themes: Iterable[Theme],
    visibility: str,
    countries: Iterable[Country] = (),
    consent: bool = False,
    constituent_group: str = "",
    mail_language: str = "en",
) -> Question:
    """Send a question and return it with its number. Raises PermissionDenied, ValidationError, Limited."""
    require(asker, "ask")
    title = text_of("title", title, MAX_TITLE, _("Write your question in one sentence."))
    body = text_of("body", body, MAX_BODY)
    themes, countries = list(themes), list(countries)
    validate_language(language)
    if not themes:
        raise ValidationError({"themes": _("Choose at least one theme.")})
    if visibility not in Visibility.values:
        raise ValidationError({"visibility": _("Choose who may read your question.")})
    if visibility == Visibility.PUBLIC and not consent:
        raise ValidationError({"consent": _("A question that everyone may read needs your consent to publication.")})
    if not take("question", str(asker.pk), QUESTIONS_A_DAY, DAY):
        raise Limited(
            _("You have sent %(number)s questions today. Your text is kept: send it tomorrow.")
            % {"number": QUESTIONS_A_DAY}
        )
    now = timezone.now()
    with transaction.atomic():
        case = Question(
            asker=asker, language=language, visibility=visibility, constituent_group=constituent_group,
            mail_language=mail_language, consented_at=now if consent else None, submitted_at=now,
        )  # fmt: skip
        change = Change(case, asker)
        case.save()
        case.themes.set(themes)
        case.countries.set(countries)
        QuestionText.objects.create(
            question=case, language=language, title=title, body_md=body, author=asker, created_at=now
        )
        change.move("submit")
        case.save()
        editors = User.objects.filter(groups__name=EDITORS).exclude(pk=asker.pk)
        tell(case, "submitted", "question-submitted", editors, language="en")
    return case


def withdraw(*, actor: User, question: Question) -> Question:
    """Take an unanswered question back. Raises PermissionDenied, IllegalTransition."""
    with changing(question, actor, "withdraw") as change:
        change.move("withdraw")
        change.case.assignments.filter(released_at=None).update(released_at=timezone.now())
    return change.case


def set_consent(*, actor: User, question: Question, agrees: bool) -> Question:
    """Agree to a redacted publication, or take that back: then what is public is unpublished at once."""
    with changing(question, actor, "consent") as change:
        change.case.consented_at = timezone.now() if agrees else None
        change.note("consent", agrees=agrees)
        if not agrees:
            _unpublish(change, "consent taken back")
    return change.case


# --- Answering -------------------------------------------------------------------------------------------------------
def assign(*, actor: User, question: Question, expert: User, lock_version: int | None = None) -> Question:
    """Ask an expert to answer; whoever was asked before no longer is. Raises ValidationError, IllegalTransition."""
    with changing(question, actor, "assign", lock_version) as change:
        case = change.case
        if not is_expert(expert) or case.asker_id == expert.pk:
            raise ValidationError({"expert": _("Choose an expert who has not asked this question.")})
        change.move("assign")
        case.assignments.filter(released_at=None).exclude(expert=expert).update(released_at=timezone.now())
        given, _created = Assignment.objects.get_or_create(
            question=case, expert=expert, released_at=None, defaults={"assigned_by": actor}
        )
        tell(case, f"assigned:{given.pk}", "question-assigned", [expert], language=case.mail_language)
    return case


def post_answer(
    *, author: User, question: Question, text: str, language: str = "", draft: bool = False,
    lock_version: int | None = None,
) -> AnswerVersion:  # fmt: skip
    """Write the next version of one's answer, as a draft or for the editors; earlier ones that wait are replaced.

    Raises PermissionDenied, Stale, IllegalTransition, and ValidationError for citations that name nothing.
    """
    text = text_of("text", text, MAX_ANSWER, _("Write the answer."))
    check_citations("text", text)
    with changing(question, author, "answer", lock_version) as change:
        case = change.case
        after("deliver", case.status)
        if case.asker_id == author.pk:
            raise ValidationError(_("You asked this question: somebody else answers it."))
        answer, _created = Answer.objects.get_or_create(question=case, author=author)
        language = language or case.language
        validate_language(language)
        versions = AnswerVersion.objects.filter(answer=answer, language=language)
        versions.filter(
            state__in=(AnswerState.DRAFT, AnswerState.IN_CLEARANCE, AnswerState.RETURNED)
        ).update(state=AnswerState.SUPERSEDED)  # fmt: skip
        version = AnswerVersion.objects.create(
            answer=answer, language=language, n=next_n(versions), body_md=text, author=author,
            state=AnswerState.DRAFT if draft else AnswerState.IN_CLEARANCE, created_at=timezone.now(),
        )  # fmt: skip
        save_citations(version, text)
        change.note("answer_drafted" if draft else "answer_posted", version=version.pk)
    return version


def return_answer(*, actor: User, version: AnswerVersion, reason: str) -> AnswerVersion:
    """Give an answer back to its author with the reason. Raises PermissionDenied, ValidationError."""
    reason = text_of("reason", reason, MAX_COMMENT, _("Write what has to be changed."))
    with changing(version.answer.question, actor, "publish") as change:
        version = AnswerVersion.objects.select_related("answer__question", "author").get(pk=version.pk)
        require(actor, "clear", version)
        AnswerVersion.objects.filter(pk=version.pk).update(state=AnswerState.RETURNED, note=reason)
        change.note("answer_returned", version=version.pk)
        if version.author:
            tell(change.case, f"returned:{version.pk}", "answer-returned", [version.author])
    version.refresh_from_db()
    return version


def clear_answer(*, actor: User, version: AnswerVersion, lock_version: int | None = None) -> Question:
    """Give a checked answer to those who read the case. Raises PermissionDenied, Stale, IllegalTransition."""
    with changing(version.answer.question, actor, "publish", lock_version) as change:
        _clear(change, version)
    return change.case


def _clear(change: Change, version: AnswerVersion) -> None:
    version = AnswerVersion.objects.select_related("answer__question").get(pk=version.pk)
    require(change.actor, "clear", version)
    change.move("deliver")
    now = timezone.now()
    AnswerVersion.objects.filter(
        answer=version.answer_id, language=version.language, state=AnswerState.CLEARED
    ).update(state=AnswerState.SUPERSEDED)  # fmt: skip
    AnswerVersion.objects.filter(pk=version.pk).update(
        state=AnswerState.CLEARED, cleared_by=change.actor, cleared_at=now
    )
    case = change.case
    case.first_delivered_at = case.first_delivered_at or now
    case.assignments.filter(expert=version.author, released_at=None).update(released_at=now)
    if case.asker:
        tell(case, f"answered:{version.pk}", "question-answered", [case.asker], language=case.mail_language)


# --- Publishing ------------------------------------------------------------------------------------------------------
def publish(
    *, actor: User, version: AnswerVersion, title: str, body: str, answer: str, answered_by: str = "",
    lock_version: int | None = None,
) -> Snapshot:  # fmt: skip
    """Make the public edition from texts that an editor has freed of names; clears the answer if it still waits.

    Raises PermissionDenied, Stale, IllegalTransition, and ValidationError without the asker's consent.
    """
    title = text_of("title", title, MAX_TITLE, _("Write the question in one sentence."))
    body, answer = text_of("body", body, MAX_BODY), text_of("answer", answer, MAX_ANSWER, _("Write the answer."))
    answered_by = text_of("answered_by", answered_by, 120) or version.answer.name
    check_citations("answer", answer)
    with changing(version.answer.question, actor, "publish", lock_version) as change:
        case = change.case
        if case.consented_at is None:
            raise ValidationError(_("The asker has not agreed to publication. The answer can be given without it."))
        if case.moderation != Moderation.CLEAR:
            raise ValidationError(_("The question is hidden: restore it before it is published."))
        version.refresh_from_db()
        if version.state != AnswerState.CLEARED:
            _clear(change, version)
        elif case.status not in ANSWERED:
            raise IllegalTransition
        editions = Snapshot.objects.filter(question=case, language=version.language)
        editions.filter(state=SnapshotState.PUBLISHED).update(state=SnapshotState.SUPERSEDED)
        snapshot = Snapshot.objects.create(
            question=case, language=version.language, n=next_n(editions), title=title, body_md=body, answer_md=answer,
            answered_by=answered_by, version=version, consented_by=case.asker, consented_at=case.consented_at,
            published_by=actor, published_at=timezone.now(),
        )  # fmt: skip
        save_citations(snapshot, answer)
        change.note("published", snapshot=snapshot.pk)
    return snapshot


def unpublish(*, actor: User, question: Question, reason: str = "") -> Question:
    """Take all public editions away. Raises PermissionDenied."""
    with changing(question, actor, "publish") as change:
        _unpublish(change, reason)
    return change.case


def _unpublish(change: Change, reason: str) -> None:
    editions = Snapshot.objects.filter(question=change.case, state=SnapshotState.PUBLISHED)
    if editions.update(state=SnapshotState.UNPUBLISHED):
        change.note("unpublished", reason=reason)


# --- Moderating, commenting ------------------------------------------------------------------------------------------
def hide(*, actor: User, question: Question) -> Question:
    """Show the question to its asker and the editors only, in all its forms. Raises PermissionDenied."""
    return _moderate(actor, question, Moderation.HIDDEN, "hidden")


def restore(*, actor: User, question: Question) -> Question:
    """Show the question again as before. Raises PermissionDenied."""
    return _moderate(actor, question, Moderation.CLEAR, "restored")


def _moderate(actor: User, question: Question, state: str, event: str) -> Question:
    with changing(question, actor, "moderate") as change:
        change.case.moderation = state
        change.note(event)
    return change.case


def moderate_comment(*, actor: User, comment: Comment, hidden: bool) -> None:
    """Hide a comment or show it again. Raises PermissionDenied."""
    with changing(comment.question, actor, "moderate") as change:
        state = Moderation.HIDDEN if hidden else Moderation.CLEAR
        Comment.objects.filter(pk=comment.pk).update(moderation=state)
        change.note("comment_hidden" if hidden else "comment_restored", comment=comment.pk)


def add_comment(
    *, author: User, question: Question, body: str, audience: str = CommentAudience.CASE, answer: Answer | None = None
) -> Comment:
    """Comment on a question or one of its answers. Raises PermissionDenied, ValidationError, Limited."""
    body = text_of("body", body, MAX_COMMENT, _("Write your comment."))
    with transaction.atomic():
        case = Question.objects.select_for_update().get(pk=question.pk)
        require(author, "comment_internally" if audience == CommentAudience.INTERNAL else "comment", case)
        if answer is not None and answer.question_id != case.pk:
            raise ValidationError(_("The answer belongs to another question."))
        if not take("comment", str(author.pk), COMMENTS_AN_HOUR, HOUR):
            raise Limited(_("Too many comments in one hour. Your text is kept: send it later."))
        comment = Comment.objects.create(question=case, answer=answer, author=author, audience=audience, body=body)
        Change(case, author).note("commented", comment=comment.pk)
    return comment


def check_citations(field: str, text: str) -> None:
    """Raise ValidationError on `field` for citations that name nothing."""
    try:
        resolve(parse(text))
    except ValidationError as error:
        raise ValidationError({field: error}) from error


def next_n(versions: Any) -> int:
    """Return the number of the next version; the case's lock keeps others from taking it."""
    return (versions.aggregate(last=Max("n"))["last"] or 0) + 1


def tell(case: Question, event: str, message: str, users: Iterable[User], language: str = "en") -> None:
    """Note whom to tell that something happened to the case."""
    notify(event=f"{case.key}:{event}", message=message, about=case.key, users=users, language=language)
