"""Loading the records: what is good comes in, what is bad is told, what people changed stays."""

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from library.models import Agent, Contribution, Resource, Work

pytestmark = pytest.mark.django_db

COLUMNS = [
    "id", "title", "subtitle", "authors", "corporate_author", "year", "date", "publisher", "place", "series", "number",
    "pages", "isbn", "doi", "language", "type", "countries", "themes", "url", "seen_at", "checked",
]  # fmt: skip
MATERNITY = {
    "id": "b0001", "title": "Maternity at work", "authors": "Ong, C. B.; Himanshu; et al.", "year": "2015",
    "date": "2015-11", "publisher": "ILO", "language": "en", "type": "working-paper", "countries": "SEN",
    "themes": "maternity", "isbn": "92-2-112080-5", "doi": "10.1111/ISSR.12212", "checked": "yes",
}  # fmt: skip
C102 = {
    "id": "b0002", "title": "Social Security (Minimum Standards) Convention, 1952 (No. 102)", "number": "C102",
    "corporate_author": "International Labour Organization; UNHCR", "year": "1952", "language": "en",
    "type": "international-instrument", "themes": "maternity", "checked": "no",
}  # fmt: skip
C102_FR = {**C102, "id": "b0003", "title": "Convention (n° 102), 1952", "language": "fr"}


class Folder:
    """A content folder of which a test writes the records."""

    def __init__(self, path: Path) -> None:
        self.path = path
        names = "name_en,name_fr,name_es"
        (path / "themes.csv").write_text(f"slug,parent,{names}\nmaternity,,Maternity,Maternité,Maternidad\n")
        (path / "countries.csv").write_text(
            f"iso3,iso2,{names},region,income_group\nSEN,SN,Senegal,Sénégal,Senegal,,\n"
        )
        self.write()

    def write(self, *rows: dict[str, str], works: str = "") -> None:
        with (self.path / "resources.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        (self.path / "works.csv").write_text(f"work,resource\n{works}")

    def load(self) -> str:
        """Load and return what was said; CommandError if something was wrong."""
        out = StringIO()
        call_command("load_content", folder=self.path, only=["themes", "countries", "resources"], stdout=out)
        return out.getvalue()

    def problems(self) -> str:
        err = StringIO()
        with pytest.raises(CommandError):
            call_command(
                "load_content",
                folder=self.path,
                only=["themes", "countries", "resources"],
                stdout=StringIO(),
                stderr=err,
            )
        return err.getvalue()


@pytest.fixture
def folder(tmp_path) -> Folder:
    return Folder(tmp_path)


def test_a_good_row_becomes_a_public_resource(folder, client):
    folder.write(MATERNITY)
    folder.load()
    found = Resource.objects.get(number=1)
    assert found.live and found.checked and found.authors_incomplete
    assert (found.year, found.published_on.isoformat()) == (2015, "2015-11-01")
    roles = list(Contribution.objects.order_by("sort_order").values_list("role", "agent__kind", "agent__name"))
    assert roles == [
        ("author", "person", "Ong, C. B."),
        ("author", "person", "Himanshu"),
        ("publisher", "organisation", "ILO"),
    ]
    normalised = set(found.identifiers.values_list("normalised", flat=True))
    assert normalised == {"isbn:9789221120803", "doi:10.1111/issr.12212"}
    assert b"Maternity at work" in client.get("/en/library/1/").content


def test_editions_of_an_instrument_and_of_a_group_share_a_work(folder):
    other = {**MATERNITY, "id": "b0004", "title": "Maternité", "language": "fr", "isbn": "", "doi": ""}
    folder.write(MATERNITY, C102, C102_FR, other, works="mothers,b0001\nmothers,b0004\n")
    folder.load()
    work = {resource.number: resource.work for resource in Resource.objects.select_related("work")}
    assert work[1] == work[4] and work[2] == work[3] and work[1] != work[2]
    assert (work[1].key, work[2].key, Work.objects.count()) == ("mothers", "ilo:c102", 2)
    assert Agent.objects.filter(name="UNHCR").count() == 1


def test_a_second_run_changes_nothing(folder, django_assert_max_num_queries):
    folder.write(MATERNITY, C102, C102_FR)
    folder.load()
    before = list(Resource.objects.order_by("pk").values())
    with django_assert_max_num_queries(25):
        assert "resources: 3 same" in folder.load()
    assert list(Resource.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"countries": "SEN;XYZ"}, "countries: 'XYZ' is unknown: use an ISO 3166-1 alpha-3 code"),
        ({"themes": "matternity"}, "themes: 'matternity' is unknown: use a slug of themes.csv"),
        ({"language": "English"}, "“English” is no language tag"),
        ({"language": "xx"}, "“xx” is no language tag"),
        ({"type": "poem"}, "type 'poem' is unknown: use one of actuarial-report"),
        ({"isbn": "92-2-112080-6"}, "“92-2-112080-6” is not an ISBN"),
        ({"doi": "doi.org/issr"}, "“doi.org/issr” is not a DOI"),
        ({"date": "2015-13"}, "“2015-13” is not a date"),
        ({"date": "2015-02-30"}, "“2015-02-30” is not a date"),
        ({"date": "2014-02"}, "date '2014-02' is not in the year '2015'"),
        ({"title": ""}, "title is empty"),
        ({"checked": "maybe"}, "checked is 'maybe': write yes or no"),
        ({"url": "www.ilo.org"}, "url: Enter a valid URL"),
        ({"id": "1"}, "id '1': write b and at least four digits"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_the_others_are_loaded(folder, change, told):
    folder.write(C102, {**MATERNITY, **change}, C102_FR)
    problems = folder.problems()
    assert f"resources.csv, line 3: {told}" in problems
    assert set(Resource.objects.values_list("number", flat=True)) == {2, 3}


def test_an_identifier_of_another_resource_is_told(folder):
    folder.write(MATERNITY, {**MATERNITY, "id": "b0009"})
    assert "line 3: raw: Resource 1 has this identifier already." in folder.problems()
    assert Resource.objects.count() == 1


def test_two_editions_in_one_language_are_told(folder):
    folder.write(C102, {**C102, "id": "b0009"})
    assert "line 3: The work has an edition in this language already." in folder.problems().replace("__all__: ", "")


def test_a_duplicate_id_is_told(folder):
    folder.write(MATERNITY, {**C102, "id": "b0001"})
    assert "line 3: 'b0001' stands in line 2 already" in folder.problems()
    assert Resource.objects.get().title == "Maternity at work"


def test_a_group_of_unknown_resources_is_told(folder):
    folder.write(MATERNITY, works="mothers,b0001\nmothers,b0077\n")
    assert "works.csv, line 3: resource 'b0077' of work 'mothers' is not in resources.csv" in folder.problems()


def test_a_broken_encoding_is_told(folder):
    folder.write(MATERNITY)
    path = folder.path / "resources.csv"
    path.write_bytes(path.read_bytes().replace(b"Maternity", b"Maternit\xe9"))
    assert "resources.csv, line 2: not UTF-8" in folder.problems()
    assert not Resource.objects.exists()


def test_a_missing_column_is_told(folder):
    folder.write(MATERNITY)
    path = folder.path / "resources.csv"
    path.write_text(path.read_text().replace("language", "tongue"))
    assert "resources.csv, line 1: column missing: language" in folder.problems()
    assert not Resource.objects.exists()


def changed_title(found: Resource) -> None:
    Resource.objects.filter(pk=found.pk).update(title="Edited here")


def changed_author(found: Resource) -> None:
    Contribution.objects.filter(resource=found, role="author").first().delete()


def withdrawn(found: Resource) -> None:
    found.unpublish()


def hidden(found: Resource) -> None:
    Resource.objects.filter(pk=found.pk).update(live=False)


def draft_begun(found: Resource) -> None:
    found.title = "Not published yet"
    found.save_revision()


@pytest.mark.parametrize("edit", [changed_title, changed_author, withdrawn, hidden, draft_begun])
def test_what_was_edited_here_is_kept_and_told(folder, edit: Callable[[Resource], None]):
    folder.write(MATERNITY)
    folder.load()
    edit(Resource.objects.get())
    before = Resource.objects.values().get()
    folder.write({**MATERNITY, "title": "Changed in the file"})
    assert "resources b0001: edited here, kept" in folder.load()
    assert Resource.objects.values().get() == before


def test_a_row_deleted_here_is_not_brought_back(folder):
    folder.write(MATERNITY)
    folder.load()
    Resource.objects.get().delete()
    assert "1 deleted here" in folder.load()
    assert not Resource.objects.exists() and not Work.objects.exists()


def test_a_row_changed_in_the_file_is_updated_also_for_editors(folder):
    folder.write(MATERNITY)
    folder.load()
    Resource.objects.get().save_revision().publish()
    folder.write({**MATERNITY, "title": "Changed in the file", "authors": "Ong, C. B."})
    assert "1 updated" in folder.load()
    found = Resource.objects.get()
    assert found.title == found.get_latest_revision_as_object().title == "Changed in the file"
    assert not found.has_unpublished_changes
    assert [part.printed for part in found.contributions.filter(role="author")] == ["Ong, C. B."]
    assert "1 same" in folder.load()


def test_numbers_of_the_file_are_not_given_again(folder):
    folder.write(MATERNITY, {**C102, "id": "b0040"})
    folder.load()
    Resource.objects.get(number=40).delete()
    new = Resource(title="New", type="report", language="en")
    new.save()
    assert new.number == 41


def test_the_starter_content_loads_whole_and_only_once():
    out = StringIO()
    names = ["themes", "countries", "resources"]
    call_command("load_content", folder=settings.CONTENT_DIR, only=names, stdout=out)
    count = sum(1 for _ in (settings.CONTENT_DIR / "resources.csv").open(encoding="utf-8")) - 1
    assert Resource.objects.filter(live=True).count() == count > 1000
    out.truncate(0)
    call_command("load_content", folder=settings.CONTENT_DIR, only=names, stdout=out)
    assert f"resources: {count:,} same" in out.getvalue()
