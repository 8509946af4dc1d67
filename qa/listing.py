"""Questions as the rows of lists, in the words that this reader may see."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from core.languages import direction, language_name
from core.nine import states_of
from core.presentation import Item
from qa.choices import SnapshotState
from qa.entries import QuestionEntries
from qa.labels import state_label
from qa.models import Question, QuestionText, Snapshot

Texts = dict[str, QuestionText | Snapshot]


def items_of(questions: Sequence[Question], user: Any, with_answers: bool = False) -> list[Item]:
    """Return one item for each question that is visible to `user`; `with_answers` tells how far its answer is."""
    published = Snapshot.objects.filter(state=SnapshotState.PUBLISHED).order_by("language")
    wanted: list[Any] = ["themes", Prefetch("snapshots", published, "published")]
    readable: set[int] = set()
    if user.is_authenticated:
        wanted += ["texts"] + (["answers__versions"] if with_answers else [])
        cases = Question.objects.cases_visible_to(user).filter(pk__in=[question.pk for question in questions])
        readable = set(cases.values_list("pk", flat=True))
    prefetch_related_objects(questions, *wanted)
    return [_item(question, question.pk in readable, with_answers) for question in questions]


def texts_of(question: Question, is_case: bool) -> Texts:
    """Return the text to show in each language: those of the case, or else the published ones."""
    if is_case:
        return {text.language: text for text in sorted(question.texts.all(), key=lambda text: text.n)}
    return {snapshot.language: snapshot for snapshot in question.published}


def preferred(languages: Sequence[str], own: str, asked: str = "") -> str:
    """Return the best of these languages: the one asked for, the interface's, the question's own, any."""
    order = [asked, get_language() or "en", own, *languages]
    return next(language for language in order if language in languages)


def _item(question: Question, is_case: bool, with_answers: bool) -> Item:
    texts = texts_of(question, is_case)
    text = texts[preferred(list(texts), question.language)]
    return Item(
        key=question.key,
        kind="question",
        kind_label=str(QuestionEntries.label),
        title=text.title,
        url=question.get_absolute_url(),
        language=text.language,
        language_name=language_name(text.language),
        dir=direction(text.language),
        metadata=[_state(question, with_answers), _day(question)],
        nine=states_of(theme.slug for theme in question.themes.all()),
    )


def _state(question: Question, with_answers: bool) -> str:
    axes = (question.status, question.resolution, question.moderation)
    if with_answers:
        return str(state_label(*axes, bool(question.published), latest_answer_state(question)))
    return str(state_label(*axes))


def latest_answer_state(question: Question) -> str:
    """Return the state of the newest version of any answer; "" if there is none. `answers__versions` are fetched."""
    versions = [version for answer in question.answers.all() for version in answer.versions.all()]
    return max(versions, key=lambda version: version.pk).state if versions else ""


def _day(question: Question) -> str:
    if question.first_delivered_at:
        return date_format(question.first_delivered_at, "DATE_FORMAT")
    if question.submitted_at:
        return gettext("asked %(day)s") % {"day": date_format(question.submitted_at, "DATE_FORMAT")}
    return ""
