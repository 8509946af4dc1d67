"""Loading sample experts, and deleting them all."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from experts.choices import Level
from experts.content import COLUMNS, FILES
from experts.models import Consent, ExpertProfile, ProfileText
from glossary.models import Concept
from tests.experts.factories import country, expert, sample, theme

pytestmark = pytest.mark.django_db

AWA = {
    "slug": "awa-diallo-7k2m9q", "name": "Awa Diallo", "residence": "SEN", "language": "en", "confirmed": "5",
    "sample": "yes", "headline_en": "Maternity", "summary_en": "Costs benefits.", "headline_fr": "Maternité",
}  # fmt: skip
PARTS = {
    "positions": {"start": "2018", "title": "Actuary", "employer": "a fund", "country": "SEN"},
    "education": {"year": "2009", "degree": "MSc"},
    "assignments": {
        "number": "1", "start": "2023-03", "end": "2024", "title": "Costing", "countries": "SEN;SEN", "themes": "maternity",
        "concepts": "11",
    },
    "languages": {"language": "fr", "mother_tongue": "yes"},
    "expertise": {"concept": "11", "mastery": "expert", "years": "12", "evidence": "assignment:1"},
}  # fmt: skip


class Folder:
    """A content folder of which a test writes the rows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write()

    def write(self, *experts: dict, **parts: dict | list[dict]) -> None:
        self._table("experts.csv", COLUMNS, [{**AWA, **row} for row in experts])
        for name, columns in FILES.items():
            rows = parts.get(name, [])
            rows = [rows] if isinstance(rows, dict) else rows
            self._table(f"experts_{name}.csv", columns, [{"expert": AWA["slug"], **PARTS[name], **row} for row in rows])

    def write_all(self, **changes: dict) -> None:
        self.write({}, **{name: changes.get(name, {}) for name in FILES})

    def load(self) -> str:
        out = StringIO()
        call_command("load_content", folder=self.path, only=["experts"], stdout=out, stderr=out)
        return out.getvalue()

    def _table(self, name: str, columns: tuple[str, ...], rows: list[dict]) -> None:
        with (self.path / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


@pytest.fixture
def folder(tmp_path) -> Folder:
    country("SEN", "SN", "Senegal")
    theme("maternity")
    Concept.objects.create(number=11)
    return Folder(tmp_path)


def test_a_sample_with_all_its_parts(client, folder):
    folder.write_all()
    assert "1 new" in folder.load()
    made = ExpertProfile.objects.get()
    term, maternity = f"term:{Concept.objects.get().pk}", f"theme:{theme('maternity').pk}"
    assert made.is_sample and made.user is None and not Consent.objects.exists()
    assert made.slug == AWA["slug"] and made.state == "approved" and made.live
    assert set(made.visibilities.values_list("level", flat=True)) == {Level.PUBLIC}
    assert list(made.texts.values_list("language", "headline")) == [("en", "Maternity"), ("fr", "Maternité")]
    work = made.assignments.get()
    assert work.countries == ("SEN",) and work.topics == (maternity, term) and work.start == "2023-03"
    assert made.expertise.get().term == term and made.expertise.get().evidence == ("assignment:1",)
    assert made.languages.get().mother_tongue and made.education.get().year == 2009
    assert 140 < (timezone.now() - made.last_confirmed_at).days < 160
    assert client.get(f"/en/experts/{AWA['slug']}/").status_code == 200


def test_loading_again_changes_nothing_and_edits_stay(folder):
    folder.write_all()
    folder.load()
    made = ExpertProfile.objects.get()
    assert "1 same" in folder.load()
    folder.write_all(education={"degree": "PhD"})
    assert "1 updated" in folder.load()
    again = ExpertProfile.objects.get()
    assert again.education.get().degree == "PhD" and again.last_confirmed_at == made.last_confirmed_at
    ProfileText.objects.filter(language="en").update(headline="Edited here")
    folder.write_all()
    report = folder.load()
    assert "edited here, kept" in report and ProfileText.objects.filter(headline="Edited here").exists()


@pytest.mark.parametrize(
    ("row", "parts", "told"),
    [
        ({"sample": "no"}, {}, "sample must be yes"),
        ({"confirmed": "May"}, {}, "write before how many months"),
        ({"residence": "XXX"}, {}, "country 'XXX' is unknown"),
        ({"name": ""}, {}, "name: This field cannot be blank"),
        ({}, {"assignments": {"themes": "sailing"}}, "'sailing' is unknown: use a slug of themes.csv"),
        ({}, {"assignments": {"concepts": "99"}}, "'99' is unknown: use a number of the glossary"),
        ({}, {"assignments": {"countries": "SEN;XXX"}}, "country 'XXX' is unknown"),
        ({}, {"assignments": {"start": "spring"}}, "“spring” is not a date"),
        ({}, {"assignments": {"start": "2024-06", "end": "2024-05"}}, "The end lies before the start"),
        ({}, {"expertise": {"evidence": "assignment:2"}}, "'assignment:2' is unknown"),
        ({}, {"expertise": {"mastery": "wizard"}}, "'wizard' is not a valid choice"),
        ({}, {"expertise": {"topic": "Both"}}, "one of the two"),
        ({}, {"expertise": {"years": "many"}}, "years 'many' is no number"),
        ({}, {"languages": {"language": "french"}}, "is no language tag"),
        ({}, {"languages": {"reading": "C3"}}, "'C3' is not a valid choice"),
        ({}, {"positions": {"expert": "nobody"}}, "expert 'nobody' is not in experts.csv"),
    ],
)
def test_a_bad_row_is_told_and_not_loaded(folder, row, parts, told):
    folder.write(row, **{"assignments": {}, **parts})
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("load_content", folder=folder.path, only=["experts"], stdout=out, stderr=out)
    assert told in out.getvalue().replace("’", "'").replace("Value ", "")
    assert ExpertProfile.objects.exists() is ("positions" in parts)


def test_a_missing_table_is_told(folder):
    (folder.path / "experts_languages.csv").unlink()
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("load_content", folder=folder.path, only=["experts"], stdout=out, stderr=out)
    assert "experts_languages.csv" in out.getvalue()


# --- Deleting them ---------------------------------------------------------------------------------------------------
def test_all_samples_are_deleted_and_nobody_else(client, folder, drained):
    folder.write_all()
    folder.load()
    sample("Made by hand")
    real = expert("Real Person")
    drained()
    out = StringIO()
    call_command("delete_sample_experts", yes=True, stdout=out)
    assert "2 sample experts are deleted" in out.getvalue()
    assert list(ExpertProfile.objects.all()) == [real]
    assert [item.title for item in client.get("/en/experts/").context["items"]] == ["Real Person"]
    assert b"Awa Diallo" not in client.get("/en/search/?q=awa").content
    folder.load()
    assert ExpertProfile.objects.count() == 1
    call_command("delete_sample_experts", stdout=out)
    assert "There are no sample experts." in out.getvalue()


@pytest.mark.parametrize(("answer", "left"), [("yes", 0), ("y", 1), ("", 1)])
def test_it_asks_first(monkeypatch, answer, left):
    sample()
    monkeypatch.setattr("builtins.input", lambda question: answer)
    if left:
        with pytest.raises(CommandError, match="Nothing was deleted"):
            call_command("delete_sample_experts")
    else:
        call_command("delete_sample_experts", stdout=StringIO())
    assert ExpertProfile.objects.count() == left
