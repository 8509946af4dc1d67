"""How questions become entries: the published snapshot for everybody, the whole case for members where they read it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from core.entries import Audience, Entry, EntrySource, Part, registry
from experts.models import ExpertProfile
from qa.choices import AnswerState, Moderation, SnapshotState, Status
from qa.labels import ANSWERED
from qa.models import Answer, AnswerVersion, Citation, Question, QuestionText, Snapshot
from qa.rendering import plain
from taxonomy.models import MAX_DEPTH, Country, Theme

THEMES = Question.themes.through
COUNTRIES = Question.countries.through
KEY = "SELECT 'question:' || {row}.question_id"
ANSWERS, VERSIONS, SNAPSHOTS = (m._meta.db_table for m in (Answer, AnswerVersion, Snapshot))

Said = tuple[str, Iterable[Citation], str]  # an answer's Markdown, what it cites, the profile of who gave it


def with_ancestors(themes: Iterable[Theme], tree: Mapping[int, Theme]) -> tuple[str, ...]:
    """Return the slugs of these themes, then those of the themes above them, each once."""
    level = sorted(themes, key=lambda theme: theme.pk)
    slugs: dict[str, None] = {}
    while level:
        slugs |= dict.fromkeys(theme.slug for theme in level)
        level = [tree[theme.parent_id] for theme in level if theme.parent_id]
    return tuple(slugs)


@registry.register
class QuestionEntries(EntrySource):
    """A question: one entry for each language and audience, all of one family."""

    kind = "question"
    label = _("Question")
    model = Question
    parts = (
        Part(QuestionText, KEY),
        Part(Snapshot, KEY),
        Part(Answer, KEY),
        Part(AnswerVersion, f"SELECT 'question:' || question_id FROM {ANSWERS} WHERE id = {{row}}.answer_id"),
        Part(
            Citation,
            f"SELECT 'question:' || question_id FROM {SNAPSHOTS} WHERE id = {{row}}.snapshot_id"
            f" UNION SELECT 'question:' || a.question_id FROM {ANSWERS} a JOIN {VERSIONS} v ON v.answer_id = a.id"
            " WHERE v.id = {row}.version_id",
        ),
        Part(
            ExpertProfile,
            f"SELECT 'question:' || question_id FROM {ANSWERS} WHERE author_id = {{row}}.user_id",
            cause="fanout",
            columns=("user_id",),
        ),
        Part(THEMES, KEY),
        Part(COUNTRIES, KEY),
        Part(
            Theme,
            f"SELECT 'question:' || question_id FROM {THEMES._meta.db_table} WHERE "
            + " OR ".join(
                # A theme and those below it, level by level: SQLite allows no WITH in a trigger.
                "theme_id IN (" + f"SELECT id FROM {Theme._meta.db_table} WHERE parent_id IN (" * depth
                + "{row}.id" + ")" * depth + ")"
                for depth in range(MAX_DEPTH)
            ),
            cause="fanout",
            columns=("slug", "parent_id"),
        ),
        Part(
            Country,
            f"SELECT 'question:' || question_id FROM {COUNTRIES._meta.db_table} WHERE country_id = {{row}}.id",
            cause="fanout",
            columns=("iso3",),
        ),
    )  # fmt: skip

    def rows(self, pks: Collection[int]) -> Iterable[Question]:
        """Return questions with their texts, cleared answers and published snapshots: ten statements for all."""
        tree = Theme.objects.in_bulk()
        cleared = AnswerVersion.objects.filter(state=AnswerState.CLEARED).select_related(
            "answer__author__expert_profile"
        )
        published = Snapshot.objects.filter(state=SnapshotState.PUBLISHED).select_related(
            "version__answer__author__expert_profile"
        )
        questions = Question.objects.filter(pk__in=pks).prefetch_related(
            "themes",
            "countries",
            "texts",
            Prefetch("answers__versions", cleared.prefetch_related("citations"), "cleared"),
            Prefetch("snapshots", published.prefetch_related("citations"), "published"),
        )
        for question in questions:
            question.theme_slugs = with_ancestors(question.themes.all(), tree)
            yield question

    def entries(self, row: Question) -> Iterator[Entry]:
        if row.moderation != Moderation.CLEAR:
            return
        for snapshot in row.published:
            said = [(snapshot.answer_md, snapshot.citations.all(), snapshot.profile_key)]
            yield self._entry(row, snapshot.language, "public", snapshot.title, snapshot.body_md, said)
        if row.is_shared() and row.status != Status.DRAFT:
            yield from self._case_entries(row)

    def _case_entries(self, row: Question) -> Iterator[Entry]:
        """Yield the case as members read it, in each language with a cleared answer."""
        cleared = [version for answer in row.answers.all() for version in answer.cleared]
        for language in dict.fromkeys(version.language for version in cleared):
            said = [
                (version.body_md, version.citations.all(), version.answer.profile_key)
                for version in cleared
                if version.language == language
            ]
            text = latest_text(row, language)
            yield self._entry(row, language, "members", text.title, text.body_md, said)

    def _entry(
        self, row: Question, language: str, audience: Audience, title: str, body: str, said: Sequence[Said]
    ) -> Entry:
        day = (row.first_delivered_at or row.submitted_at).date()
        return Entry(
            kind="question",
            pk=row.pk,
            language=language,
            title=title,
            summary=plain(body),
            text="\n".join(plain(text) for text, _citations, _profile in said),
            route=("questions:detail", str(row.number)),
            family=row.key,
            audience=audience,
            themes=row.theme_slugs,
            countries=tuple(sorted(country.iso3 for country in row.countries.all())),
            facets={"answered": day.isoformat(), "year": day.year, **_group(row)},
            references=tuple(dict.fromkeys(each.target for _text, citations, _profile in said for each in citations)),
            answered_by=tuple(dict.fromkeys(profile for _text, _citations, profile in said if profile)),
            date=day,
        )

    def visible_to(self, user: Any) -> QuerySet[Question]:
        return Question.objects.visible_to(user)

    def metadata(self, facets: Mapping[str, Any]) -> list[str]:
        return [str(ANSWERED)]


def latest_text(question: Question, language: str) -> QuestionText:
    """Return the newest text in a language, or in the question's own; `texts` may be fetched before."""
    texts = {text.language: text for text in sorted(question.texts.all(), key=lambda text: text.n)}
    return texts.get(language) or texts[question.language]


def _group(question: Question) -> dict[str, str]:
    return {"group": question.constituent_group} if question.constituent_group else {}
