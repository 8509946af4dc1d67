"""The country pages' plain files: complete, sourced and within the lists the loaders accept."""

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

CONTENT = Path(__file__).resolve().parents[2] / "content"
BRANCHES = {
    "medical-care", "sickness", "unemployment", "old-age", "employment-injury",
    "family-benefits", "maternity", "invalidity", "survivors",
}  # fmt: skip
STATES = {"full", "half", "hollow"}
PROGRAMMES = {
    "social-insurance", "provident-fund", "universal", "social-assistance", "employer-liability", "individual-account",
}  # fmt: skip
COLUMNS = {
    "pages": "iso3,language,title,lead,reviewed_on,reviewed_by",
    "figures": "iso3,language,position,value,unit,label,source,source_url,year",
    "schemes": "iso3,position,branches,state,programmes,first_law,laws,worker_rate,employer_rate,"
    "age_men,age_women,note,source,source_url,year",
    "reforms": "iso3,language,position,year,text,source,source_url",
}
# The one source without an address, cited by title and paragraph: as tables and as the pages' last section name it.
UNADDRESSED = {
    "en": ("ILO Governing Body paper, October 2008", "Governing Body paper, Geneva, 9 October 2008"),
    "fr": (
        "Document du Conseil d’administration du BIT, octobre 2008",
        "Conseil d’administration, Genève, 9 octobre 2008",
    ),
    "es": ("Documento del Consejo de Administración de la OIT, octubre de 2008", "Ginebra, 9 de octubre de 2008"),
}
SOURCES = {"en": "Sources", "fr": "Sources", "es": "Fuentes"}
YEAR = re.compile(r"(18|19|20)\d\d")
NUMBER = re.compile(r"\d+(\.\d+)?")
# What French text must not have, outside titles in italics and addresses.
NOT_FRENCH = re.compile(r" [;:?!%»]|« |\w[;?!%»]|\w: |'|\d\.\d+\s%")
TITLES_AND_ADDRESSES = re.compile(r"<[^>]*>|(?<!\*)\*[^*]+\*(?!\*)")


def rows(name: str) -> list[dict[str, str]]:
    with (CONTENT / f"country_{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(cell: str) -> list[str]:
    return [code for code in cell.split(";") if code]


def editions(name: str) -> Counter:
    return Counter((row["iso3"], row["language"]) for row in rows(name))


def prose(page: dict[str, str]) -> str:
    return (CONTENT / "country_pages" / f"{page['iso3']}.{page['language']}.md").read_text(encoding="utf-8")


PAGES = rows("pages")
PAGE_IDS = [f"{page['iso3']}.{page['language']}" for page in PAGES]


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_and_line_ends(name):
    text = (CONTENT / f"country_{name}.csv").read_bytes().decode("utf-8")
    assert text.split("\n", 1)[0] == COLUMNS[name]
    assert "\r" not in text and text.endswith("\n")
    assert all(None not in row and None not in row.values() for row in rows(name)), "a row has too many or few cells"


@pytest.mark.parametrize("name", COLUMNS)
def test_no_unconfirmed_fact(name):
    assert "(check)" not in (CONTENT / f"country_{name}.csv").read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("page", PAGES, ids=PAGE_IDS)
def test_page_has_title_lead_and_review(page):
    assert re.fullmatch(r"[A-Z]{3}", page["iso3"])
    assert page["title"] and page["reviewed_by"]
    assert 40 <= len(page["lead"]) <= 300
    assert date.fromisoformat(page["reviewed_on"])


@pytest.mark.parametrize("page", PAGES, ids=PAGE_IDS)
def test_prose_has_sections_and_sources(page):
    text = prose(page)
    head, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    titles = [section.split("\n", 1)[0] for section in sections]
    assert head == "", "text before the first heading"
    assert titles[-1] == SOURCES[page["language"]] and len(titles) >= 3
    assert all(section.split("\n", 1)[1].strip() for section in sections), "empty section"
    assert "(check)" not in text.lower()
    for line in (line for line in text.splitlines() if line.startswith(">")):
        assert re.match(r"> \*\*[^*]+\*\* \S", line), line


@pytest.mark.parametrize("page", PAGES, ids=PAGE_IDS)
def test_every_source_has_an_address(page):
    language = page["language"]
    entries = [line for line in prose(page).split(f"## {SOURCES[language]}\n", 1)[1].splitlines() if line]
    assert entries
    for entry in entries:
        assert re.fullmatch(r"- .+ <https?://\S+>", entry) or UNADDRESSED[language][1] in entry, entry


def test_french_is_spaced_as_french():
    texts = [prose(page) for page in PAGES if page["language"] == "fr"]
    cells = [
        row[key]
        for key, name in (("lead", "pages"), ("label", "figures"), ("text", "reforms"))
        for row in rows(name)
        if row["language"] == "fr"
    ]
    assert texts and cells
    for text in texts + cells:
        found = NOT_FRENCH.search(TITLES_AND_ADDRESSES.sub("", text))
        assert not found, f"{found[0]!r} in {text[:60]!r}"


def test_translated_pages_agree_with_english():
    """The figures, the years of the timeline and the addresses of the sources are those of the English page."""
    facts = {}
    for page in PAGES:
        own = [
            row
            for name in ("figures", "reforms")
            for row in rows(name)
            if (row["iso3"], row["language"]) == (page["iso3"], page["language"])
        ]
        plain = [(row.get("value"), row["year"], row["source_url"]) for row in own]
        facts[page["iso3"], page["language"]] = plain, set(re.findall(r"<(http\S+)>", prose(page)))
    for (iso3, language), found in facts.items():
        assert found == facts[iso3, "en"], f"{iso3}.{language}"


def test_one_page_per_country_and_language():
    assert len({page["iso3"] for page in PAGES}) >= 20
    assert max(Counter((page["iso3"], page["language"]) for page in PAGES).values()) == 1
    files = {path.name for path in (CONTENT / "country_pages").iterdir()}
    assert files == {f"{identity}.md" for identity in PAGE_IDS}


def test_each_page_has_two_to_four_figures_and_a_timeline():
    figures, reforms = editions("figures"), editions("reforms")
    expected = {(page["iso3"], page["language"]) for page in PAGES}
    assert set(figures) == set(reforms) == expected
    assert all(2 <= count <= 4 for count in figures.values())
    assert {row["iso3"] for row in rows("schemes")} == {iso3 for iso3, _ in expected}


@pytest.mark.parametrize("name", ["figures", "schemes", "reforms"])
def test_rows_have_source_and_year(name):
    for row in rows(name):
        paper = UNADDRESSED[row.get("language", "en")][0]
        assert row["source"] and YEAR.fullmatch(row["year"]), row
        assert row["source_url"].startswith(("http://", "https://")) or row["source"].startswith(paper), row


@pytest.mark.parametrize("name", ["figures", "schemes", "reforms"])
def test_positions_count_from_one(name):
    seen: dict[tuple[str, str], list[str]] = {}
    for row in rows(name):
        seen.setdefault((row["iso3"], row.get("language", "")), []).append(row["position"])
    assert all(found == [str(n) for n in range(1, len(found) + 1)] for found in seen.values())


def test_figures_are_shares():
    for row in rows("figures"):
        assert row["unit"] == "%" and NUMBER.fullmatch(row["value"]) and 0 <= float(row["value"]) <= 100, row
        assert row["label"], row


def test_schemes_use_the_lists():
    for row in rows("schemes"):
        assert codes(row["branches"]) and set(codes(row["branches"])) <= BRANCHES, row
        assert row["state"] in STATES, row
        assert set(codes(row["programmes"])) <= PROGRAMMES, row
        assert row["programmes"] or "not recorded" in row["note"], f"an empty programme is explained in the note: {row}"


def test_scheme_laws_rates_and_ages_are_plain():
    for row in rows("schemes"):
        assert all(YEAR.fullmatch(year) for year in [*codes(row["laws"]), *codes(row["first_law"])]), row
        assert all(NUMBER.fullmatch(row[key]) for key in ("worker_rate", "employer_rate") if row[key]), row
        assert all(45 <= float(row[key]) <= 75 for key in ("age_men", "age_women") if row[key]), row
        assert codes(row["laws"]) == sorted(codes(row["laws"])), row


def test_reforms_run_forward():
    timelines: dict[tuple[str, str], list[int]] = {}
    for row in rows("reforms"):
        assert row["text"].endswith("."), row
        timelines.setdefault((row["iso3"], row["language"]), []).append(int(row["year"]))
    assert all(years == sorted(years) for years in timelines.values())
