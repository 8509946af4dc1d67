"""Who may do what: `can(user, action, obj)`. Reading is `is_visible_to`; what is possible now is `transitions`."""

from collections.abc import Callable
from typing import Any

from accounts.audiences import audience_of
from qa.choices import EXPERTS, AnswerState, Moderation
from qa.models import AnswerVersion, Comment, Question


def is_member(user: Any) -> bool:
    return audience_of(user) != "public"


def is_editor(user: Any) -> bool:
    return audience_of(user) == "staff"


def is_expert(user: Any) -> bool:
    """Say whether the user is in the group that answers; asked once for each user object."""
    if not is_member(user):
        return False
    if not hasattr(user, "_is_expert"):
        user._is_expert = user.groups.filter(name=EXPERTS).exists()
    return user._is_expert


def _answer(user: Any, question: Question) -> bool:
    """Experts answer what they see; a private question is seen by those who are asked to answer it."""
    return (is_editor(user) or is_expert(user)) and question.is_case_visible_to(user)


def _comment(user: Any, question: Question) -> bool:
    return question.moderation == Moderation.CLEAR and question.is_case_visible_to(user)


def _comment_internally(user: Any, question: Question) -> bool:
    return _comment(user, question) and _sees_notes(user, question)


def _sees_notes(user: Any, question: Question) -> bool:
    """Internal notes are for editors and for the experts of the case."""
    return question.is_case_visible_to(user) and (
        is_editor(user) or question.asker_id != user.pk and is_expert(user) and question.has_expert(user)
    )


def _clear(user: Any, version: AnswerVersion) -> bool:
    """Nobody clears his own answer."""
    waits = version.state == AnswerState.IN_CLEARANCE
    return _edit(user, version.answer.question) and waits and version.author_id != user.pk


def _edit(user: Any, question: Question) -> bool:
    return is_editor(user) and question.is_case_visible_to(user)


def _own(user: Any, question: Question) -> bool:
    return is_member(user) and question.asker_id == user.pk and question.is_case_visible_to(user)


def _read_comment(user: Any, comment: Comment) -> bool:
    return comment.question.is_case_visible_to(user) and (
        comment.audience == "case" or _sees_notes(user, comment.question)
    )


ACTIONS: dict[str, Callable[[Any, Any], bool]] = {
    "ask": lambda user, _: is_member(user),
    "read": lambda user, question: question.is_visible_to(user),
    "read_case": lambda user, question: question.is_case_visible_to(user),
    "read_notes": _sees_notes,
    "read_comment": _read_comment,
    "comment": _comment,
    "comment_internally": _comment_internally,
    "answer": _answer,
    "assign": _edit,
    "clear": _clear,
    "publish": _edit,
    "moderate": _edit,
    "withdraw": _own,
    "consent": _own,
}


def can(user: Any, action: str, obj: Any = None) -> bool:
    """Say whether `user` may do `action` to `obj`. Raises KeyError for an action that there is not."""
    return ACTIONS[action](user, obj)
