"""Loading country pages from files: whole or not at all, again and again, never over an editor's work."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from core.loading import load
from pages.content import CountryPageLoader
from pages.models import CountryPage
from tests.pages.factories import CountryFactory

pytestmark = pytest.mark.django_db

PAGES = "iso3,language,title,lead,reviewed_on,reviewed_by\n"
FIGURES = "iso3,language,position,value,unit,label,source,source_url,year\n"
SCHEMES = (
    "iso3,position,branches,state,programmes,first_law,laws,worker_rate,employer_rate,age_men,age_women,note,"
    "source,source_url,year\n"
)
REFORMS = "iso3,language,position,year,text,source,source_url\n"
FILES = {
    "country_pages.csv": PAGES + "SEN,en,Senegal,What to know.,2026-11-25,Editors\n",
    "country_figures.csv": FIGURES
    + "SEN,en,2,20,%,Covered,ILO,,2019\nSEN,en,1,8.40,%,Contributing,ILO,https://ilo.org/,2018\n",
    "country_schemes.csv": SCHEMES
    + "SEN,1,survivors;old-age,full,social-insurance,1957,1975;1989,5.60,8.4,60,60,,SSA,https://ssa.gov/,2011\n"
    + "SEN,2,maternity,half,,,,,,,,A pilot.,ILO,,2008\n",
    "country_reforms.csv": REFORMS + "SEN,en,1,1975,Law on pensions.,SSA,\n",
    "country_pages/SEN.en.md": "## Who is covered\n\nFew.\n\n> **Old** Rates are old.\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "country_pages").mkdir()
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    CountryFactory(iso3="SEN")
    return tmp_path


def run(folder: Path):
    return load(CountryPageLoader(), folder)


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def reasons(report) -> str:
    return "\n".join(map(str, report.problems))


def test_a_page_comes_whole_published_and_with_history(folder):
    report = run(folder)
    assert (report.counts, report.problems) == ({"new": 1}, [])
    page = CountryPage.objects.get()
    assert page.live and not page.has_unpublished_changes and page.revisions.count() == 1
    assert (page.url, page.language, page.lead) == ("/en/countries/sen/", "en", "What to know.")
    assert [block.block_type for block in page.body] == ["key_figures", "scheme_table", "text", "timeline", "callout"]
    assert [str(figure["value"]) for figure in page.body[0].value["figures"]] == ["8.4", "20"], "in order of position"
    assert page.body[2].value["text"].source == "<p>Few.</p>"
    first, second = page.schemes.all()
    assert (first.branches, first.laws, str(first.worker_rate)) == (["old-age", "survivors"], "1975, 1989", "5.60")
    assert (second.branches, second.worker_rate, second.note) == (["maternity"], None, "A pilot.")
    assert page.nine == {"old-age": "full", "survivors": "full", "maternity": "half"}


def test_loading_again_changes_nothing(folder):
    run(folder)
    assert run(folder).counts == {"same": 1}
    assert CountryPage.objects.get().revisions.count() == 1


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("country_figures.csv", "8.40", "9"),
        ("country_schemes.csv", "5.60", "6"),
        ("country_reforms.csv", "1975", "1976"),
        ("country_pages/SEN.en.md", "Few.", "Many."),
        ("country_pages.csv", "What to know.", "News."),
    ],
)
def test_a_changed_file_updates_the_page(folder, name, old, new):
    run(folder)
    change(folder, name, old, new)
    assert run(folder).counts == {"updated": 1}
    page = CountryPage.objects.get()
    assert page.revisions.count() == 2 and page.live and page.schemes.count() == 2
    assert run(folder).counts == {"same": 1}


def test_an_edited_page_is_kept(folder):
    run(folder)
    page = CountryPage.objects.get()
    page.lead = "Edited."
    page.save_revision().publish()
    change(folder, "country_pages.csv", "What to know.", "News.")
    report = run(folder)
    assert report.counts == {"edited here": 1} and "SEN:en: edited here, kept" in report.differences[0]
    assert CountryPage.objects.get().lead == "Edited."


def test_saving_in_the_editor_without_a_change_is_no_edit(folder):
    run(folder)
    page = CountryPage.objects.get()
    section = page.body[2].value
    section["text"].source = section["text"].source.replace("<p>", '<p data-block-key="k1x9">')
    page.save_revision().publish()
    assert "data-block-key" in CountryPage.objects.get().body[2].value["text"].source
    change(folder, "country_pages.csv", "What to know.", "News.")
    assert run(folder).counts == {"updated": 1}


def test_unpublished_changes_count_as_edited(folder):
    run(folder)
    page = CountryPage.objects.get()
    page.lead = "A draft."
    page.save_revision()
    change(folder, "country_pages.csv", "What to know.", "News.")
    report = run(folder)
    assert report.counts == {"edited here": 1} and "unpublished changes" in report.differences[0]
    assert CountryPage.objects.get().lead == "What to know."


def test_an_unpublished_page_stays_unpublished(folder):
    run(folder)
    CountryPage.objects.get().unpublish()
    change(folder, "country_pages.csv", "What to know.", "News.")
    assert run(folder).counts == {"edited here": 1}
    assert not CountryPage.objects.get().live


def test_a_deleted_page_stays_deleted(folder):
    run(folder)
    CountryPage.objects.get().delete()
    assert run(folder).counts == {"deleted here": 1}
    assert not CountryPage.objects.exists()


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("country_pages.csv", "SEN", "SEM", "'SEM' is no country"),
        ("country_pages.csv", ",en,", ",pt,", "country_pages/SEN.pt.md is missing"),
        ("country_pages.csv", "2026-11-25", "25.11.2026", "reviewed_on '25.11.2026' is not a date"),
        ("country_pages.csv", "What to know.", "x" * 401, "lead: Ensure this value has at most 400"),
        ("country_figures.csv", "Covered,ILO", "Covered,", "country_figures.csv, line 2: source is empty"),
        ("country_figures.csv", ",2019", ",", "country_figures.csv, line 2: year is empty"),
        ("country_figures.csv", "8.40", "8,40", "needs"),
        ("country_figures.csv", "8.40", "many", "'many' is no number"),
        ("country_figures.csv", "8.40", "NaN", "'NaN' is no number"),
        ("country_figures.csv", "https://ilo.org/", "ilo.org", "source_url 'ilo.org' is no address"),
        ("country_figures.csv", "en,2", "en,two", "position 'two' is no whole number"),
        ("country_schemes.csv", "maternity", "motherhood", "branches: motherhood is unknown; use one or more of"),
        ("country_schemes.csv", "social-insurance", "insurance", "programmes: insurance is unknown"),
        ("country_schemes.csv", ",half,", ",some,", "state 'some' is unknown: use one of full, half, hollow"),
        ("country_schemes.csv", "1975;1989", "1975/89", "write years with ; between"),
        ("country_schemes.csv", ",8.4,", ",840,", "employer_rate: Ensure"),
        ("country_schemes.csv", ",1957,", ",57,", "first_law '57' is no year"),
        ("country_reforms.csv", ",1975,", ",,", "country_reforms.csv, line 2: year is empty"),
        ("country_reforms.csv", ",SSA,", ",,", "country_reforms.csv, line 2: source is empty"),
        ("country_pages/SEN.en.md", "## Who", "# Who", "SEN.en.md, line 1: heading '#'"),
    ],
)
def test_a_bad_row_says_what_to_do_and_nothing_of_the_page_is_loaded(folder, name, old, new, says):
    change(folder, name, old, new)
    report = run(folder)
    assert says in reasons(report), reasons(report)
    assert not CountryPage.objects.exists() and not report.counts


def test_a_language_without_section_is_told(folder):
    shutil.copy(folder / "country_pages/SEN.en.md", folder / "country_pages/SEN.pt.md")
    change(folder, "country_pages.csv", ",en,", ",pt,")
    assert "no section of countries in language 'pt': use en, fr or es" in reasons(run(folder))


def test_a_row_of_no_page_is_told(folder):
    change(folder, "country_reforms.csv", "SEN,en", "SEN,fr")
    report = run(folder)
    assert "SEN:fr has no row in country_pages.csv" in reasons(report)
    assert report.counts == {"new": 1}, "the page of the other rows is whole"
    change(folder, "country_reforms.csv", "SEN,fr", "SEN,en")
    assert run(folder).counts == {"updated": 1}


def test_editions_share_the_schemes_of_their_country(folder):
    (folder / "country_pages/SEN.fr.md").write_text("## Couverture\n\nPeu.\n", encoding="utf-8")
    with (folder / "country_pages.csv").open("a", encoding="utf-8") as file:
        file.write("SEN,fr,Sénégal,À savoir.,,\n")
    assert run(folder).counts == {"new": 2}
    french = CountryPage.objects.get(language="fr")
    assert french.url == "/fr/countries/sen/" and french.schemes.count() == 2
    assert [block.block_type for block in french.body] == ["scheme_table", "text"]
    assert run(folder).counts == {"same": 2}


def test_the_content_of_the_project_loads():
    folder = settings.CONTENT_DIR
    from_files = {path.name.split(".")[0] for path in (folder / "country_pages").glob("*.md")}
    for iso3 in from_files:
        CountryFactory(iso3=iso3, iso2=iso3[:1] + iso3[2:], name_en=iso3, name_fr=iso3, name_es=iso3)
    report = run(folder)
    assert report.problems == [] and report.counts["new"] >= len(from_files) >= 12
    assert run(folder).counts == {"same": report.counts["new"]}
