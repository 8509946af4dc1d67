"""Loads `content/questions.csv` and `content/questions/<number>.<language>.md`: published questions with answers.

A file holds the question's background and the answer, with a line of three hyphens between them. The editions of one
question are one row here: they stand in one case.
"""

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from core.analysis import clean
from core.converters import NUMBER
from core.loading import Loader, Problem, Report, Row, RowError, read_csv, register
from library.validators import validate_language
from qa.choices import AnswerState, Group, SnapshotState, Status, Visibility
from qa.citations import parse, resolve, save_citations
from qa.models import Answer, AnswerVersion, Question, QuestionText, Snapshot
from qa.services import next_n
from taxonomy.models import Country, Theme

SHARED = ("asked_on", "answered_on", "constituent_group", "themes", "countries", "asked_by", "answered_by")
BREAK = re.compile(r"^---\s*$", re.MULTILINE)


@register
class QuestionLoader(Loader):
    """Questions with cleared answers and public editions, asked and answered by no account."""

    name = "questions"
    order = 60
    columns = ("number", "language", "title", *SHARED)

    def rows(self, folder: Path, report: Report) -> Iterator[Row]:
        """Yield one row for each question, all its editions in `editions`."""
        questions: dict[str, Row] = {}
        path = folder / "questions.csv"
        for row in read_csv(path, self.columns, lambda v: f"{v['number']}.{v['language']}", report):
            first = questions.setdefault(
                row.values["number"], Row(row.values["number"], row.file, row.line, {**row.values, "editions": []})
            )
            if any(first.values[name] != row.values[name] for name in SHARED):
                reason = f"the editions of question {first.key} differ in more than language and title: correct one"
                report.problems.append(Problem(row.file, row.line, reason))
                continue
            first.values["editions"].append({**row.values, "file": folder / "questions" / f"{row.key}.md"})
        yield from questions.values()

    def present(self) -> dict[str, Question]:
        """Return all questions; what rows refer to is fetched once, and again at the next load."""
        self.themes = {theme.slug: theme for theme in Theme.objects.all()}
        self.countries = {country.iso3: country for country in Country.objects.all()}
        questions = Question.objects.prefetch_related("themes", "countries", "snapshots", "answers")
        return {str(question.number): question for question in questions}

    def wanted(self, row: Row) -> dict[str, Any]:
        values = row.values
        if not re.fullmatch(NUMBER, row.key):
            raise RowError(f"number {row.key!r}: write a number from 1 on")
        if values["constituent_group"] not in ("", *Group.values):
            raise RowError(f"constituent_group is unknown: leave it empty or use one of {', '.join(Group.values)}")
        themes = _known(values, "themes", self.themes, "slugs of themes.csv")
        if not themes:
            raise RowError("themes is empty: write at least one slug of themes.csv")
        asked, answered = _day(values, "asked_on"), _day(values, "answered_on")
        if answered < asked:
            raise RowError("answered_on is before asked_on: correct one of them")
        return {
            **{
                name: values[name]
                for name in ("asked_on", "answered_on", "constituent_group", "asked_by", "answered_by")
            },
            "themes": themes,
            "countries": _known(values, "countries", self.countries, "ISO 3166-1 alpha-3 codes of countries.csv"),
            "language": values["editions"][0]["language"],
            "editions": {edition["language"]: _edition(edition) for edition in values["editions"]},
        }

    def state(self, obj: Question) -> dict[str, Any]:
        published = [s for s in obj.snapshots.all() if s.state == SnapshotState.PUBLISHED]
        answer = next(iter(obj.answers.all()), None)
        return {
            "asked_on": _iso(obj.submitted_at),
            "answered_on": _iso(obj.first_delivered_at),
            "constituent_group": obj.constituent_group,
            "asked_by": obj.asked_by,
            "answered_by": answer.answered_by if answer else "",
            "themes": sorted(theme.slug for theme in obj.themes.all()),
            "countries": sorted(country.iso3 for country in obj.countries.all()),
            "language": obj.language,
            "editions": {s.language: [s.title, s.body_md, s.answer_md] for s in published},
        }

    def save(self, key: str, wanted: dict[str, Any], obj: Question | None) -> None:
        asked, answered = (_moment(wanted[name]) for name in ("asked_on", "answered_on"))
        question = obj or Question(number=int(key), status=Status.ANSWERED, visibility=Visibility.PUBLIC)
        question.asked_by, question.language = wanted["asked_by"], wanted["language"]
        question.constituent_group = wanted["constituent_group"]
        question.submitted_at = question.consented_at = asked
        question.first_delivered_at = answered
        question.save()
        question.themes.set([self.themes[slug] for slug in wanted["themes"]])
        question.countries.set([self.countries[code] for code in wanted["countries"]])
        answer = question.answers.filter(author=None).first() or Answer(question=question)
        answer.answered_by = wanted["answered_by"]
        answer.save()
        for snapshot in question.snapshots.filter(state=SnapshotState.PUBLISHED):
            if wanted["editions"].get(snapshot.language) != [snapshot.title, snapshot.body_md, snapshot.answer_md]:
                snapshot.state = SnapshotState.SUPERSEDED
                snapshot.save()
                answer.versions.filter(pk=snapshot.version_id).update(state=AnswerState.SUPERSEDED)
        for language, texts in wanted["editions"].items():
            if not question.snapshots.filter(language=language, state=SnapshotState.PUBLISHED).exists():
                _save_edition(answer, language, texts, asked, answered)


def _save_edition(
    answer: Answer, language: str, texts: list[str], asked: datetime.datetime, answered: datetime.datetime
) -> None:
    title, body, reply = texts
    question = answer.question
    QuestionText.objects.create(
        question=question, language=language, n=next_n(question.texts.filter(language=language)), title=title,
        body_md=body, created_at=asked,
    )  # fmt: skip
    version = AnswerVersion.objects.create(
        answer=answer, language=language, n=next_n(answer.versions.filter(language=language)), body_md=reply,
        state=AnswerState.CLEARED, cleared_at=answered, created_at=answered,
    )  # fmt: skip
    save_citations(version, reply)
    snapshot = Snapshot.objects.create(
        question=question, language=language, n=next_n(question.snapshots.filter(language=language)), title=title,
        body_md=body, answer_md=reply, answered_by=answer.answered_by, version=version, consented_at=asked,
        published_at=answered,
    )  # fmt: skip
    save_citations(snapshot, reply)


def _edition(values: dict[str, Any]) -> list[str]:
    """Return title, background and answer. Raises RowError for a file that cannot be read or cites nothing there is."""
    path: Path = values["file"]
    if not values["title"] or len(values["title"]) > 200:
        raise RowError("title: write the question in one sentence of at most 200 characters")
    try:
        validate_language(values["language"])
        text = clean(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        raise RowError(" ".join(error.messages)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise RowError(f"questions/{path.name} cannot be read ({error}): write it as UTF-8") from error
    parts = [part.strip() for part in BREAK.split(text)]
    if len(parts) != 2 or not all(parts):
        raise RowError(f"questions/{path.name}: write the question, one line of three hyphens, and the answer")
    try:
        resolve(parse(parts[1]))
    except ValidationError as error:
        raise RowError(f"questions/{path.name}: {' '.join(error.messages)}") from error
    return [values["title"], *parts]


def _known(values: dict[str, Any], column: str, known: dict[str, Any], what: str) -> list[str]:
    codes = sorted({code.strip() for code in values[column].split(";") if code.strip()})
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise RowError(f"{column}: {', '.join(map(repr, unknown))} is unknown: use {what}")
    return codes


def _day(values: dict[str, Any], column: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(values[column])
    except ValueError:
        raise RowError(f"{column} is {values[column]!r}: write the day as 2026-03-01") from None


def _moment(day: str) -> datetime.datetime:
    return datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(12), tzinfo=datetime.UTC)


def _iso(moment: datetime.datetime | None) -> str:
    return timezone.localtime(moment, datetime.UTC).date().isoformat() if moment else ""
