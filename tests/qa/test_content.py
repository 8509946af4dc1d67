"""The starter questions: loaded once, loaded again, and never over what people changed."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from core.loading import Report, load
from qa.choices import Status, Visibility
from qa.content import QuestionLoader
from qa.models import AnswerVersion, Citation, Question, Snapshot
from qa.services import hide
from tests.library.factories import resource, senegal, theme
from tests.qa.factories import editor

pytestmark = pytest.mark.django_db
COLUMNS = "number,language,title,asked_on,answered_on,constituent_group,themes,countries,asked_by,answered_by"
TEXT = "We ask.\n\n---\n\nSee [[resource:7|a report]] on [[country:SEN]].\n"
ROW = ["1", "en", "Who pays?", "2026-01-12", "2026-01-23", "", "maternity", "SEN", "GESS editors", "GESS editors"]


class Files:
    """A folder of content with one question, to be changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "questions").mkdir()
        theme("maternity"), senegal(), resource(number=7)
        self.write([ROW], {"1.en": TEXT})

    def write(self, rows: list[list[str]], texts: dict[str, str]) -> None:
        with (self.folder / "questions.csv").open("w", newline="") as file:
            csv.writer(file).writerows([COLUMNS.split(","), *rows])
        for name, text in texts.items():
            (self.folder / "questions" / f"{name}.md").write_text(text)

    def load(self) -> Report:
        return load(QuestionLoader(), self.folder)


@pytest.fixture
def files(tmp_path) -> Files:
    return Files(tmp_path)


def changed(**values: str) -> list[str]:
    return [values.get(column, value) for column, value in zip(COLUMNS.split(","), ROW, strict=True)]


def test_a_question_is_published_with_its_answer(client, files, drained):
    report = files.load()
    assert (report.counts, report.problems) == (Counter(new=1), [])
    case = Question.objects.get()
    assert (case.number, case.status, case.visibility, case.asker) == (1, Status.ANSWERED, Visibility.PUBLIC, None)
    version, snapshot = AnswerVersion.objects.get(), Snapshot.objects.get()
    assert (version.state, version.author, version.cleared_by) == ("cleared", None, None)
    assert list(version.citations.values_list("kind", "code")) == list(snapshot.citations.values_list("kind", "code"))
    drained()
    content = client.get("/en/questions/1/").content.decode()
    assert "Answered 23 January 2026" in content and "11 days after it was asked" in content
    assert "GESS editors" in content and ">a report</a>" in content and "Published with consent" not in content


def test_loading_again_changes_nothing(files):
    files.load()
    counts = [model.objects.count() for model in (Snapshot, AnswerVersion, Citation)]
    assert files.load().counts == Counter(same=1)
    assert [model.objects.count() for model in (Snapshot, AnswerVersion, Citation)] == counts


def test_a_changed_text_makes_the_next_edition_and_leaves_the_others(files):
    french = changed(language="fr", title="Qui paie ?")
    files.write([ROW, french], {"1.fr": TEXT})
    files.load()
    files.write([ROW, french], {"1.fr": TEXT.replace("We ask.", "On demande.")})
    assert files.load().counts == Counter(updated=1)
    assert list(Snapshot.objects.order_by("language", "n").values_list("language", "n", "state")) == [
        ("en", 1, "published"), ("fr", 1, "superseded"), ("fr", 2, "published"),
    ]  # fmt: skip


def test_a_dropped_edition_is_public_no_longer(files):
    files.write([ROW, changed(language="fr", title="Qui paie ?")], {"1.fr": TEXT})
    files.load()
    files.write([ROW], {})
    files.load()
    assert list(Snapshot.objects.filter(state="published").values_list("language", flat=True)) == ["en"]


def test_what_people_did_stays(files):
    files.load()
    case = Question.objects.get()
    hide(actor=editor(), question=case)
    Snapshot.objects.update(title="Better")
    files.write([changed(title="From the file")], {})
    report = files.load()
    assert report.counts == Counter({"edited here": 1}) and "editions" in report.differences[0]
    assert Snapshot.objects.get().title == "Better" and not Question.objects.published().exists()


@pytest.mark.parametrize(
    ("row", "text", "told"),
    [
        ({"number": "x"}, TEXT, "write a number"),
        ({"title": ""}, TEXT, "in one sentence"),
        ({"language": "xx"}, TEXT, "is no language tag"),
        ({"asked_on": "12.1.2026"}, TEXT, "write the day as"),
        ({"asked_on": "2026-02-12"}, TEXT, "is before asked_on"),
        ({"constituent_group": "x"}, TEXT, "constituent_group is unknown"),
        ({"themes": ""}, TEXT, "at least one slug"),
        ({"themes": "x"}, TEXT, "themes: 'x' is unknown"),
        ({"countries": "XXX"}, TEXT, "countries: 'XXX' is unknown"),
        ({}, "No line.", "three hyphens"),
        ({}, "A\n---\nB\n---\nC", "three hyphens"),
        ({}, "A\n---\n[[resource:8]] [[term:1]]", "[[resource:8]], [[term:1]]"),
    ],
)
def test_a_bad_row_is_told_and_not_loaded(files, row, text, told):
    values = changed(**row)
    files.write([values], {f"{values[0]}.{values[1]}": text})
    (problem,) = files.load().problems
    assert told in str(problem) and "questions.csv, line 2" in str(problem)
    assert not Question.objects.exists()


def test_a_missing_file_and_editions_that_differ_are_told(files):
    (files.folder / "questions" / "1.en.md").unlink()
    assert "cannot be read" in str(files.load().problems[0])
    files.write([ROW, changed(language="fr", answered_on="2026-02-01")], {"1.en": TEXT, "1.fr": TEXT})
    assert "differ in more than language and title" in str(files.load().problems[0])
