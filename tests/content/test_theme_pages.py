"""The theme pages' plain files: complete, sourced, and in agreement with the tables that they refer to."""

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

CONTENT = Path(__file__).resolve().parents[2] / "content"
COLUMNS = {
    "theme_pages.csv": "slug,language,title,lead,reviewed_on,reviewed_by",
    "theme_figures.csv": "slug,language,position,value,unit,label,source,source_url,year",
    "theme_resources.csv": "slug,position,resource",
}
LANGUAGES = {"en", "fr", "es"}
SOURCES = {"en": "Sources", "fr": "Sources", "es": "Fuentes"}
UNADDRESSED = re.compile(r"Gen(eva|ève), 9 (October|octobre) 2008|Ginebra, 9 de octubre de 2008")
# What French text must not have, outside titles in italics and addresses.
NOT_FRENCH = re.compile(r" [;:?!%»]|« |\w[;?!%»]|\w: |'|\d\.\d+\s%")
TITLES_AND_ADDRESSES = re.compile(r"<[^>]*>|(?<!\*)\*[^*]+\*(?!\*)")


def rows(name: str) -> list[dict[str, str]]:
    with (CONTENT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def prose(page: dict[str, str]) -> str:
    return (CONTENT / "theme_pages" / f"{page['slug']}.{page['language']}.md").read_text(encoding="utf-8")


def sections(page: dict[str, str]) -> list[tuple[str, str]]:
    """Return heading and text of each section; nothing may stand before the first."""
    head, *parts = re.split(r"^## ", prose(page), flags=re.MULTILINE)
    assert head == "", "text before the first heading"
    return [tuple(part.split("\n", 1)) for part in parts]


THEMES = {row["slug"]: row for row in rows("themes.csv")}
PAGES = rows("theme_pages.csv")
IDS = [f"{page['slug']}.{page['language']}" for page in PAGES]
each_page = pytest.mark.parametrize("page", PAGES, ids=IDS)


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_and_line_ends(name):
    text = (CONTENT / name).read_bytes().decode("utf-8")
    assert text.split("\n", 1)[0] == COLUMNS[name]
    assert "\r" not in text and text.endswith("\n")
    assert all(None not in row and None not in row.values() for row in rows(name)), "a row has too many or few cells"


def test_ten_themes_each_in_english():
    assert len({page["slug"] for page in PAGES}) >= 10
    assert {page["slug"] for page in PAGES} == {page["slug"] for page in PAGES if page["language"] == "en"}
    assert max(Counter(IDS).values()) == 1
    assert {path.name for path in (CONTENT / "theme_pages").iterdir()} == {f"{identity}.md" for identity in IDS}


@each_page
def test_page_has_title_lead_and_review(page):
    assert page["language"] in LANGUAGES
    assert page["title"] == THEMES[page["slug"]][f"name_{page['language']}"]
    assert 40 <= len(page["lead"]) <= 300
    assert date.fromisoformat(page["reviewed_on"]) and page["reviewed_by"]


@each_page
def test_prose_has_two_to_four_sections_a_callout_and_sources(page):
    titles = [title for title, _ in sections(page)]
    assert titles[-1] == SOURCES[page["language"]] and 2 <= len(titles[:-1]) <= 4
    assert all(text.strip() for _, text in sections(page)), "empty section"
    assert 300 <= len(prose(page).split()) <= 750
    assert "(check)" not in prose(page).lower()
    callouts = [line for line in prose(page).splitlines() if line.startswith(">")]
    assert len(callouts) == 1 and re.match(r"> \*\*[^*]+\*\* \S", callouts[0])


@each_page
def test_every_source_has_an_address(page):
    entries = [line for line in sections(page)[-1][1].splitlines() if line]
    assert entries
    for entry in entries:
        assert re.fullmatch(r"- .+ <https?://\S+>", entry) or UNADDRESSED.search(entry), entry


@each_page
def test_sources_and_references_belong_together(page):
    """Each source is referred to in parentheses, and each reference to one is listed."""
    *text, (_, listed) = sections(page)
    body = re.sub(r"\s", " ", " ".join(part for _, part in text)).lower()
    keys = [re.sub(r"\s", " ", re.split(r"\s?: ", entry[2:])[0]).lower() for entry in listed.splitlines() if entry]
    references = [one for inside in re.findall(r"\(([^()]*)\)", body) for one in inside.split("; ")]
    for key in keys:
        assert any(one.strip().startswith(key) for one in references), f"{key} is not referred to"
    for one in references:
        is_reference = re.match(r"(c\d+|r\d+|ssa|ilo|oit|bit|normlex|natlex|act no)\b", one)
        assert not is_reference or any(one.startswith(key) for key in keys), f"{one} is not listed"


def test_figures_are_dated_shares_of_pages_that_exist():
    positions: dict[str, list[str]] = {}
    for row in rows("theme_figures.csv"):
        positions.setdefault(f"{row['slug']}.{row['language']}", []).append(row["position"])
        assert row["unit"] == "%" and 0 <= float(row["value"]) <= 100, row
        assert row["source"] and row["source_url"].startswith("https://") and re.fullmatch(r"20\d\d", row["year"]), row
    assert set(positions) <= set(IDS)
    assert all(found in (["1"], ["1", "2"], ["1", "2", "3"]) for found in positions.values())


def test_figures_name_a_country_and_agree_with_its_page():
    countries = {row[f"name_{language}"]: row["iso3"] for row in rows("countries.csv") for language in LANGUAGES}
    known = {(r["iso3"], r["label"], r["year"]): r["value"] for r in rows("country_figures.csv")}
    compared = 0
    for row in rows("theme_figures.csv"):
        label, country = row["label"].rsplit(", ", 1)
        assert country in countries, row
        value = known.get((countries[country], label, row["year"]), row["value"])
        compared += (countries[country], label, row["year"]) in known
        assert value == row["value"], row
    assert compared >= 10


def test_translations_show_the_figures_of_the_english_page():
    shown: dict[str, dict[str, list]] = {}
    for row in rows("theme_figures.csv"):
        shown.setdefault(row["slug"], {}).setdefault(row["language"], []).append((row["value"], row["year"]))
    for page in PAGES:
        editions = shown.get(page["slug"], {})
        assert editions.get(page["language"]) == editions.get("en"), page["slug"]


def test_resources_are_three_to_six_of_the_theme():
    library = {row["id"]: row["themes"].split(";") for row in rows("resources.csv")}
    chosen: dict[str, list[dict[str, str]]] = {}
    for row in rows("theme_resources.csv"):
        chosen.setdefault(row["slug"], []).append(row)
        assert row["slug"] in library[row["resource"]], f"{row['resource']} is not filed under {row['slug']}"
    assert set(chosen) == {page["slug"] for page in PAGES}
    for found in chosen.values():
        assert [row["position"] for row in found] == [str(n) for n in range(1, len(found) + 1)] and 3 <= len(found) <= 6
        assert len({row["resource"] for row in found}) == len(found)


def test_french_is_spaced_as_french_and_spanish_questions_open():
    texts = [(page["language"], text) for page in PAGES for text in (prose(page), page["lead"])]
    texts += [(row["language"], row["label"]) for row in rows("theme_figures.csv")]
    assert {language for language, _ in texts} == LANGUAGES
    for language, text in texts:
        found = NOT_FRENCH.search(TITLES_AND_ADDRESSES.sub("", text)) if language == "fr" else None
        assert not found, f"{found[0]!r} in {text[:60]!r}"
        plain = TITLES_AND_ADDRESSES.sub("", text)
        assert language != "es" or plain.count("¿") == plain.count("?"), text[:60]
