"""What the page of one question shows: to those who read the case all of it, to others the published edition."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, F, Q, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from accounts.audiences import audience_of, readable_by
from core.languages import direction, language_name
from core.nine import states_of
from core.presentation import Item
from links.models import Link
from links.related import checked, live, one_per_family
from qa.choices import AnswerState, CommentAudience, Group, Moderation, SnapshotState, Visibility
from qa.labels import shown_name, state_label
from qa.listing import preferred
from qa.models import AnswerVersion, Citation, Comment, Question, Snapshot
from qa.policy import can, is_editor
from qa.rendering import Rendered, render
from sync.models import Document
from sync.presentation import item
from taxonomy.models import Country, Theme

SAME_TOPIC = 5
NAMES = ("name_en", "name_fr", "name_es")
SHOWN = ("number", "key", "kind", "language", "title", "route", "themes", "facets", "date")


@dataclass
class Edition:
    """A question in one language as this reader sees it."""

    question: Question
    is_case: bool
    language: str
    title: str
    body_md: str
    languages: Sequence[str]
    answers: list["ShownAnswer"] = field(default_factory=list)
    body: Rendered | None = None


@dataclass
class ShownAnswer:
    """One answer: its Markdown, then what is made of it."""

    name: str
    day: Any
    language: str
    body_md: str
    citations: list[Citation]
    anchor: str
    profile: str = ""  # the key of who answered
    version: AnswerVersion | None = None  # for those who read the case
    author: Item | None = None
    rendered: Rendered | None = None

    @property
    def dir(self) -> str:
        return direction(self.language)

    @property
    def is_cleared(self) -> bool:
        return self.version is None or self.version.state == AnswerState.CLEARED


def find(number: int, user: Any) -> Question | None:
    """Return the question of this number if `user` may see it, with its public editions as `published`.

    For a visitor this is one statement, and one for what the editions cite.
    """
    visible = Question.objects.visible_to(user).filter(number=number)
    published = list(
        Snapshot.objects.filter(question__in=visible, state=SnapshotState.PUBLISHED)
        .select_related("question", "version__answer__author__expert_profile")
        .prefetch_related("citations")
    )
    question = published[0].question if published else visible.first() if user.is_authenticated else None
    if question is not None:
        question.published = published
    return question


def edition_of(question: Question, user: Any, asked: str = "") -> Edition:
    """Return the edition for this reader: of the case if he reads it, else of what is published."""
    if question.is_case_visible_to(user):
        return _case_edition(question, user, asked)
    snapshots = {snapshot.language: snapshot for snapshot in question.published}
    language = preferred(list(snapshots), question.language, asked)
    snapshot = snapshots[language]
    answer = ShownAnswer(
        shown_name(snapshot.answered_by), question.first_delivered_at, language, snapshot.answer_md,
        list(snapshot.citations.all()), f"source-{snapshot.pk}", snapshot.profile_key,
    )  # fmt: skip
    return Edition(question, False, language, snapshot.title, snapshot.body_md, sorted(snapshots), [answer])


def _case_edition(question: Question, user: Any, asked: str) -> Edition:
    texts = {text.language: text for text in question.texts.order_by("n")}
    versions = [
        version
        for version in AnswerVersion.objects.filter(answer__question=question)
        .exclude(state__in=(AnswerState.SUPERSEDED, AnswerState.WITHDRAWN))
        .select_related("answer__author__expert_profile", "answer__question")
        .prefetch_related("citations")
        .order_by("pk")
        if _reads_version(version, user)
    ]
    language = preferred(list(texts), question.language, asked)
    own = [version for version in versions if version.language == language]
    text = texts[language]
    answers = [
        ShownAnswer(
            version.answer.name, version.cleared_at or version.created_at, version.language, version.body_md,
            list(version.citations.all()), f"source-{version.pk}", version.answer.profile_key, version,
        )
        for version in own or versions
    ]  # fmt: skip
    return Edition(question, True, language, text.title, text.body_md, sorted(texts), answers)


def _reads_version(version: AnswerVersion, user: Any) -> bool:
    """Cleared ones are for all who read the case; what is in the making for its author and, once sent, the editors."""
    if version.state in (AnswerState.CLEARED, AnswerState.OBSOLETE) or version.author_id == user.pk:
        return True
    return is_editor(user) and version.state != AnswerState.DRAFT


def fetch_topics(question: Question) -> tuple[list[Theme], list[Country]]:
    """Return themes and countries in one statement, since both are rows of a code and three names."""
    themes = Theme.objects.filter(questions=question).order_by()
    countries = Country.objects.filter(questions=question).order_by()
    rows = themes.values_list(Value("theme", CharField()), "pk", "position", "slug", *NAMES).union(
        countries.values_list(Value("country", CharField()), "pk", Value(0), "iso3", *NAMES), all=True
    )
    found: tuple[list[Theme], list[Country]] = [], []
    for kind, pk, position, code, *names in rows:
        texts = dict(zip(NAMES, names, strict=True))
        if kind == "theme":
            found[0].append(Theme(pk=pk, position=position, slug=code, **texts))
        else:
            found[1].append(Country(pk=pk, iso3=code, **texts))
    return sorted(found[0], key=lambda theme: (theme.position, theme.slug)), sorted(found[1], key=str)


def documents_for(
    question: Question, answers: Sequence[ShownAnswer], themes: Sequence[Theme], user: Any
) -> tuple[dict[str, Item], list[Item]]:
    """Return what the answers cite and who gave them, by key, and the questions on the same topic.

    Only as far as `user` may see them: two statements.
    """
    audience = audience_of(user)
    keys = {citation.target for answer in answers for citation in answer.citations}
    keys |= {answer.profile for answer in answers if answer.profile}
    topics = [f"theme:{theme.pk}" for theme in themes]
    sources = Link.objects.filter(target__in=topics, how=Link.How.TOPIC, audience__in=readable_by(audience))
    same = one_per_family(live(audience).filter(kind="question", key__in=sources.values("source")))
    same = same.exclude(key=question.key).order_by(F("date").desc(nulls_last=True), "number")
    wanted = Q(key__in=keys) | Q(number__in=same.values("number")[:SAME_TOPIC])
    documents = checked(live(audience).filter(wanted).only(*SHOWN), user)
    language = get_language() or "en"
    best: dict[str, Document] = {}
    for document in sorted(documents, key=lambda d: (d.language != language, d.language != "en", d.number)):
        best.setdefault(document.key, document)
    near = [document for document in best.values() if document.kind == "question" and document.key not in keys]
    near.sort(key=lambda document: document.date, reverse=True)
    return {key: item(best[key]) for key in keys if key in best}, [item(document) for document in near]


def thread_context(request: HttpRequest, question: Question) -> dict[str, Any]:
    """Return the context of `qa/question.html`, without forms: seven statements for a visitor."""
    user = request.user
    edition = edition_of(question, user, request.GET.get("language", ""))
    themes, countries = fetch_topics(question)
    known, same_topic = documents_for(question, edition.answers, themes, user)
    edition.body = render(edition.body_md, {})
    for answer in edition.answers:
        cited = {(each.kind, each.code): known[each.target] for each in answer.citations if each.target in known}
        answer.rendered = render(answer.body_md, cited, answer.anchor)
        answer.author = known.get(answer.profile)
    states = states_of(theme.slug for theme in themes)
    return {
        "key": question.key,
        "question": question,
        "edition": edition,
        "dir": direction(edition.language),
        "parents": [(str(theme), reverse("themes:detail", args=[theme.slug])) for theme in themes[:1]],
        "edge_states": states,
        "nine": states,
        "status": _status(question),
        "state": _state(edition) if edition.is_case else "",
        "readers": str(Visibility(question.visibility).label) if edition.is_case else "",
        "asker": _asker(question),
        "editions": _editions(edition),
        "comments": comments_for(question, user, edition.is_case),
        "same_topic": same_topic,
        "terms": sorted((each for each in known.values() if each.kind == "term"), key=lambda each: each.title),
        "countries": [(str(c), reverse("countries:detail", args=[c.iso3.lower()])) for c in countries],
    }


def comments_for(question: Question, user: Any, is_case: bool) -> list[Comment]:
    """Return the comments that `user` may read: below a public edition those of a case that was open to everybody."""
    if not is_case and question.visibility != Visibility.PUBLIC:
        return []
    comments = Comment.objects.filter(question=question).select_related("author")
    if not can(user, "moderate", question):
        comments = comments.filter(moderation=Moderation.CLEAR)
    if not can(user, "read_notes", question):
        comments = comments.filter(audience=CommentAudience.CASE)
    return list(comments)


def _status(question: Question) -> tuple[str, str]:
    """Return the state in bold, and what follows it."""
    asked, answered = question.submitted_at, question.first_delivered_at
    if answered is None:
        return "", ""
    days = (answered.date() - asked.date()).days
    after = ngettext("%(n)s day after it was asked", "%(n)s days after it was asked", days) % {"n": days}
    bold = gettext("Answered %(day)s") % {"day": date_format(answered, "DATE_FORMAT")}
    sentence = gettext("the day it was asked") if days == 0 else after
    more = "" if question.asker_id is None else " " + gettext("Published with consent; names removed.")
    return bold, f", {sentence}.{more if question.published else ''}"


def _state(edition: Edition) -> str:
    question = edition.question
    pending = [answer.version.state for answer in edition.answers if answer.version]
    return str(
        state_label(
            question.status, question.resolution, question.moderation, bool(question.published),
            pending[-1] if pending else "",
        )
    )  # fmt: skip


def _asker(question: Question) -> str:
    """Return who asked, as readers are told: never a person's name."""
    if question.constituent_group:
        return str(Group(question.constituent_group).label)
    return shown_name(question.asked_by)


def _editions(edition: Edition) -> list[tuple[str, str, str, bool]]:
    if len(edition.languages) < 2:
        return []
    return [
        (language_name(code), code, f"{edition.question.get_absolute_url()}?language={code}", code == edition.language)
        for code in edition.languages
    ]
