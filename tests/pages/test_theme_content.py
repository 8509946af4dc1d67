"""Loading theme pages from files: whole or not at all, again and again, never over an editor's work."""

from pathlib import Path

import pytest
from django.conf import settings

from core.loading import load
from pages.content import ThemePageLoader
from pages.models import ThemePage
from tests.library.factories import resource
from tests.pages.factories import ThemeFactory

pytestmark = pytest.mark.django_db

FILES = {
    "theme_pages.csv": "slug,language,title,lead,reviewed_on,reviewed_by\n"
    "old-age,en,Old-age pensions,What to know.,2026-11-25,Editors\n"
    "old-age,fr,Pensions,À savoir.,,\n",
    "theme_figures.csv": "slug,language,position,value,unit,label,source,source_url,year\n"
    "old-age,en,1,83,%,Covered,ILO,https://ilo.org/,2021\n",
    "theme_resources.csv": "slug,position,resource\nold-age,2,b0007\nold-age,1,b0012\n",
    "theme_pages/old-age.en.md": "## Who is covered\n\nFew.\n\n> **Old** Rates are old.\n",
    "theme_pages/old-age.fr.md": "## Couverture\n\nPeu.\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "theme_pages").mkdir()
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    ThemeFactory(slug="old-age")
    for number in (7, 12):
        resource(f"Paper {number}", number=number)
    return tmp_path


def run(folder: Path):
    return load(ThemePageLoader(), folder)


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def numbers(language: str = "en") -> list[int]:
    page = ThemePage.objects.get(language=language)
    return [chosen.resource.number for chosen in page.key_resources.all()]


def test_editions_come_whole_and_share_the_chosen_resources(folder):
    report = run(folder)
    assert (report.counts, report.problems) == ({"new": 2}, [])
    page = ThemePage.objects.get(language="en")
    assert page.live and (page.url, page.lead) == ("/en/themes/old-age/", "What to know.")
    assert [block.block_type for block in page.body] == ["key_figures", "text", "callout"]
    assert numbers() == numbers("fr") == [12, 7], "in order of position"
    assert [block.block_type for block in ThemePage.objects.get(language="fr").body] == ["text"]
    assert run(folder).counts == {"same": 2}


@pytest.mark.parametrize(
    ("name", "old", "new", "updated"),
    [
        ("theme_figures.csv", "83", "84", 1),
        ("theme_resources.csv", "old-age,2,b0007\n", "", 2),
        ("theme_pages/old-age.en.md", "Few.", "Many.", 1),
        ("theme_pages.csv", "What to know.", "News.", 1),
    ],
)
def test_a_changed_file_updates_the_page(folder, name, old, new, updated):
    run(folder)
    change(folder, name, old, new)
    assert run(folder).counts["updated"] == updated
    assert run(folder).counts == {"same": 2}


def test_what_editors_chose_is_kept(folder):
    run(folder)
    page = ThemePage.objects.get(language="en")
    page.key_resources = list(page.key_resources.all())[:1]
    page.save_revision().publish()
    change(folder, "theme_pages.csv", "What to know.", "News.")
    report = run(folder)
    assert report.counts == {"edited here": 1, "same": 1} and numbers() == [12]


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("theme_pages.csv", "old-age,en", "old,en", "theme_pages.csv, line 2"),
        ("theme_resources.csv", "b0007", "7", "theme_resources.csv, line 2: resource '7' is no id of resources.csv"),
        ("theme_resources.csv", "b0007", "b0099", "resource b0099 of theme_resources.csv is not in the library"),
        ("theme_resources.csv", "b0007", "b0012", "resource b0012 stands twice"),
        ("theme_resources.csv", ",2,", ",two,", "position 'two' is no whole number"),
        ("theme_figures.csv", "83", "many", "'many' is no number"),
        ("theme_pages/old-age.en.md", "## Who", "# Who", "theme_pages/old-age.en.md, line 1"),
    ],
)
def test_a_bad_row_says_what_to_do_and_nothing_of_the_page_is_loaded(folder, name, old, new, says):
    change(folder, name, old, new)
    report = run(folder)
    assert says in "\n".join(map(str, report.problems)), report.problems
    assert not ThemePage.objects.filter(language="en").exists()


def test_an_unknown_theme_is_told(folder):
    change(folder, "theme_pages.csv", "old-age,fr", "old,fr")
    assert "slug 'old' is no theme of themes.csv" in "\n".join(map(str, run(folder).problems))


def test_the_content_of_the_project_loads():
    folder = settings.CONTENT_DIR
    rows = (folder / "theme_resources.csv").read_text(encoding="utf-8").splitlines()[1:]
    for number in {int(row.rsplit(",b", 1)[1]) for row in rows}:
        resource(f"Paper {number}", number=number)
    for slug in {row.split(",")[0] for row in rows}:
        ThemeFactory(slug=slug)
    report = run(folder)
    assert report.problems == [] and report.counts["new"] >= 10
    assert run(folder).counts == {"same": report.counts["new"]}
