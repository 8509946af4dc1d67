"""Loading the glossary: what is good comes in whole, what is bad is told, what people changed stays."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from glossary.models import Collection, Concept, ConceptRelation, Designation, LanguageSection
from glossary.rows import COLUMNS

pytestmark = pytest.mark.django_db

LOADERS = ["themes", "countries", "glossary collections", "glossary", "glossary relations"]
BENEFIT = {
    "concept_id": "1", "status": "validated", "collection": "foundations", "themes": "old-age", "countries": "SEN",
    "lang": "en", "lang_state": "validated", "definition": "what is paid", "definition_source": "GESS editors, 2026",
    "note": "A note.", "term": "benefit", "kind": "full_form", "term_status": "preferred", "pos": "noun",
    "number": "singular", "link_mode": "first", "forms": "benefits;benefits’",
}  # fmt: skip
WORD = {"kind": "full_form", "pos": "noun", "number": "singular", "link_mode": "always", "lang": "en"}
ALLOWANCE = {**WORD, "concept_id": "1", "term": "allowance", "term_status": "deprecated", "replaced_by": "2"}
PRESTATION = {**BENEFIT, "status": "", "collection": "", "themes": "", "countries": "", "lang": "fr", "term": "prestation", "gender": "f", "forms": ""}  # fmt: skip
PENSION = {**BENEFIT, "concept_id": "2", "term": "pension", "forms": "pensions", "broader_ids": "1", "related_ids": "3"}
ANNUITY = {**BENEFIT, "concept_id": "3", "term": "annuity", "forms": "", "related_ids": "2"}


class Folder:
    """A content folder of which a test writes the terms."""

    def __init__(self, path: Path) -> None:
        self.path = path
        names = "name_en,name_fr,name_es"
        (path / "glossary").mkdir()
        (path / "themes.csv").write_text(f"slug,parent,{names}\nold-age,,Old age,Vieillesse,Vejez\n")
        (path / "countries.csv").write_text(
            f"iso3,iso2,{names},region,income_group\nSEN,SN,Senegal,Sénégal,Senegal,,\n"
        )
        self.collections = path / "glossary" / "collections.csv"
        self.collections.write_text(f"slug,{names},themes\nfoundations,Foundations,Fondements,Fundamentos,old-age\n")

    def write(self, *rows: dict[str, str], name: str = "terms-1.csv") -> Path:
        with (self.path / "glossary" / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return self.path / "glossary" / name

    def load(self) -> str:
        out = StringIO()
        call_command("load_content", folder=self.path, only=LOADERS, stdout=out)
        return out.getvalue()

    def problems(self) -> str:
        err = StringIO()
        with pytest.raises(CommandError):
            call_command("load_content", folder=self.path, only=LOADERS, stdout=StringIO(), stderr=err)
        return err.getvalue()


@pytest.fixture
def folder(tmp_path) -> Folder:
    return Folder(tmp_path)


def test_a_concept_comes_with_all_its_rows(folder, client):
    folder.write(BENEFIT, ALLOWANCE, PRESTATION, PENSION, ANNUITY)
    folder.load()
    made = Concept.objects.get(number=1)
    assert made.live and made.status == "validated" and str(made) == "benefit"
    assert [c.slug for c in made.collections.all()] == ["foundations"]
    assert [t.slug for t in made.themes.all()] == ["old-age"] and [c.iso3 for c in made.countries.all()] == ["SEN"]
    assert [each.language for each in made.sections.order_by("sort_order")] == ["en", "fr"]
    benefit = Designation.objects.get(text="benefit")
    assert list(benefit.forms.values_list("text", flat=True)) == ["benefits", "benefits’"]
    assert (benefit.link_mode, benefit.section.note) == ("first", "A note.")
    assert Designation.objects.get(text="allowance").replaced_by.number == 2
    relations = ConceptRelation.objects.order_by("source__number", "kind")
    assert [(r.source.number, r.kind, r.target.number) for r in relations] == [
        (2, "broader_generic", 1), (2, "related", 3), (3, "related", 2),
    ]  # fmt: skip
    assert b"what is paid" in client.get("/en/glossary/benefit-1/").content


def test_drafts_are_not_published(folder, client):
    folder.write({**BENEFIT, "status": "draft", "lang_state": "draft", "definition": "", "definition_source": ""})
    folder.load()
    assert not Concept.objects.get().live
    assert client.get("/en/glossary/benefit-1/").status_code == 404


def test_a_second_run_changes_nothing(folder, django_assert_max_num_queries):
    folder.write(BENEFIT, ALLOWANCE, PRESTATION, PENSION, ANNUITY)
    folder.load()
    before = [list(model.objects.order_by("pk").values()) for model in (Concept, LanguageSection, Designation)]
    with django_assert_max_num_queries(50):
        said = folder.load()
    assert "glossary collections: 1 same" in said and "glossary: 3 same" in said
    assert "glossary relations: 3 same" in said
    assert [list(model.objects.order_by("pk").values()) for model in (Concept, LanguageSection, Designation)] == before


def test_a_corrected_file_updates(folder):
    folder.write(BENEFIT, ALLOWANCE, PENSION, ANNUITY)
    folder.load()
    folder.write({**BENEFIT, "definition": "what is due"}, ALLOWANCE, PENSION, ANNUITY)
    assert "glossary relations: 3 same" in folder.load()
    assert Designation.objects.get(text="allowance").replaced_by.number == 2
    folder.write({**BENEFIT, "definition": "what is due"}, {**PENSION, "broader_ids": ""}, ANNUITY)
    said = folder.load()
    assert "glossary: 1 updated, 2 same" in said and "glossary relations: 2 same, 1 updated" in said
    assert LanguageSection.objects.get(concept__number=1).definition == "what is due"
    assert not Designation.objects.filter(text="allowance").exists()
    assert not ConceptRelation.objects.filter(kind="broader_generic").exists()


def test_what_was_edited_or_deleted_here_stays(folder):
    folder.write(BENEFIT, PENSION, ANNUITY)
    folder.load()
    LanguageSection.objects.filter(concept__number=1).update(definition="edited")
    ConceptRelation.objects.filter(source__number=3).delete()
    Concept.objects.get(number=2).delete()
    folder.write({**BENEFIT, "definition": "new"}, {**PENSION, "definition": "new"}, ANNUITY)
    said = folder.load()
    assert "glossary 1: edited here, kept; differs from the file in sections" in said
    assert "glossary 2: deleted here" in said and "glossary relations 3: edited here, kept" in said
    assert LanguageSection.objects.get(concept__number=1).definition == "edited"
    assert Concept.objects.count() == 2 and not ConceptRelation.objects.exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"concept_id": "one"}, "concept_id 'one': write a number"),
        ({"status": "validé"}, "status 'validé' is unknown: use one of candidate, draft, validated, deprecated"),
        ({"lang": "sp"}, "lang 'sp' is unknown: use one of en, fr, es"),
        ({"lang_state": "done"}, "lang_state 'done' is unknown"),
        ({"kind": "long"}, "kind 'long' is unknown: use one of full_form"),
        ({"term_status": "best"}, "term_status 'best' is unknown"),
        ({"link_mode": "often"}, "link_mode 'often' is unknown"),
        ({"gender": "n"}, "gender 'n' is unknown: use one of m, f"),
        ({"themes": "oldage"}, "themes: 'oldage' is unknown: use a slug of themes.csv"),
        ({"countries": "XXX"}, "countries: 'XXX' is unknown"),
        ({"collection": "base"}, "collection: 'base' is unknown: use a slug of collections.csv"),
        ({"broader_ids": "99"}, "broader_ids: there is no concept 99"),
        ({"related_ids": "x"}, "related_ids: 'x' is no number of a concept"),
        ({"definition": ""}, "en: A validated section needs a definition."),
        ({"definition_source": ""}, "en: A validated definition needs its source."),
        ({"lang_state": "draft"}, "A validated concept needs a validated section"),
        ({"term_status": "admitted"}, "en: Mark one full form as preferred."),
        ({"region": "Mexico"}, "region"),
        ({"definition_url": "ilo"}, "en: definition_url: Enter a valid URL."),
        ({"term": "PENSION"}, "en: “pension” is preferred in concept 2: give one of them a qualifier."),
    ],
)
def test_a_bad_concept_is_told_and_left_out_whole(folder, change, told):
    bad = {**BENEFIT, "concept_id": "7", "term": "claim", "forms": ""} | change
    folder.write({**PENSION, "broader_ids": "", "related_ids": ""}, bad)
    assert told in folder.problems()
    assert [concept.number for concept in Concept.objects.all()] == [2]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([BENEFIT, {**ALLOWANCE, "term_status": "preferred"}], "en: Only one full form can be preferred"),
        ([BENEFIT, {**ALLOWANCE, "themes": "old-age;x"}], "themes of “allowance” (en): write it on the first row of the concept only"),
        ([BENEFIT, {**ALLOWANCE, "note": "Another."}], "note of “allowance” (en): write it on the first row of the language only"),
        ([BENEFIT, {**ALLOWANCE, "term": "benefit"}], "'1 en benefit' stands in line 2 already"),
    ],
)  # fmt: skip
def test_rows_of_one_concept_must_agree(folder, rows, told):
    folder.write(*rows)
    assert told in folder.problems() and not Concept.objects.exists()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{**BENEFIT, "broader_ids": "2"}, {**PENSION, "related_ids": ""}], "The broader concepts run in a circle."),
        ([BENEFIT, {**PENSION, "related_ids": "1"}], "A concept has one relation to another"),
        ([{**BENEFIT, "related_ids": "2"}, {**PENSION, "related_ids": ""}], "A related concept also stands above or below"),
        ([{**BENEFIT, "related_ids": "1"}], "A concept has no relation to itself."),
    ],
)  # fmt: skip
def test_bad_relations_are_told(folder, rows, told):
    folder.write(*rows)
    assert told in folder.problems()
    assert Concept.objects.count() == len(rows)


def test_beside_a_broken_row_nothing_is_loaded(folder):
    path = folder.write(BENEFIT, ALLOWANCE, PRESTATION, ANNUITY, {**PENSION, "broader_ids": ""})
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:3], "1,validated\n", *lines[3:]]))
    told = folder.problems()
    assert "line 4: the row needs 28 fields" in told and "concept 1 was not loaded" in told
    assert sorted(concept.number for concept in Concept.objects.all()) == [2, 3]


def test_a_concept_stands_in_one_file(folder):
    folder.write(BENEFIT)
    folder.write({**BENEFIT, "term": "claim"}, name="terms-2.csv")
    assert "concept 1 stands in terms-1.csv already" in folder.problems()
    assert str(Concept.objects.get()) == "benefit"


def test_missing_files_are_told(folder):
    folder.collections.unlink()
    told = folder.problems()
    assert "there is no file terms-*.csv" in told and "collections.csv" in told


def test_a_deprecated_concept_says_why_or_what_replaces_it(folder, client):
    folder.write({**BENEFIT, "status": "deprecated", "replaced_by": "2", "reason": "Too wide."}, PENSION, ANNUITY)
    folder.load()
    made = Concept.objects.get(number=1)
    assert made.live and made.replaced_by.number == 2 and made.reason == "Too wide."
    page = client.get("/en/glossary/benefit-1/").content.decode()
    assert "Too wide." in page and "/en/glossary/pension-2/" in page and "noindex" in page


def test_a_deprecated_concept_without_either_is_refused(folder):
    folder.write({**BENEFIT, "status": "deprecated"})
    assert "Say why the concept is deprecated, or what replaces it." in folder.problems()


def test_our_own_files_load(drained):
    out = StringIO()
    call_command("load_content", folder=settings.CONTENT_DIR, only=LOADERS, stdout=out)
    assert Concept.objects.filter(live=True).count() > 20 and Collection.objects.count() == 17
