"""The sample experts' plain files: everybody marked as invented, every code and number known, nothing to reach anybody by."""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

CONTENT = Path(__file__).resolve().parents[2] / "content"
LANGUAGES = ["en", "fr", "es"]
SKILLS = "listening reading interaction production writing".split()
CEFR = {"", "A1", "A2", "B1", "B2", "C1", "C2"}
UN_LEVELS = {"", "I", "II", "III", "IV"}
MASTERY = {"awareness", "practitioner", "expert", "authority"}
SLUG = re.compile(r"[a-z]+(-[a-z]+)+-[23456789abcdefghjkmnpqrstvwxyz]{6}")
YEAR = re.compile(r"(19[6-9]\d|20[0-2]\d)?")
DATE = re.compile(r"((19[6-9]\d|20[0-2]\d)(-(0[1-9]|1[0-2]))?)?")
ADDRESS = re.compile(r"@|https?:|www\.|\+\d|\d{6}")
GENERIC = re.compile(r"(an?|own) [a-z]|the [a-z]")
LAST_YEAR = 2025  # nothing is dated later, so that no clock makes it a promise


def read(name: str) -> list[dict[str, str]]:
    with (CONTENT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(cell: str) -> list[str]:
    return [code for code in cell.split(";") if code]


EXPERTS = read("experts.csv")
TABLES = {name: read(f"experts_{name}.csv") for name in "positions education assignments languages expertise".split()}
COUNTRIES = {row["iso3"]: row for row in read("countries.csv")}
THEMES = {row["slug"] for row in read("themes.csv")}
ROOTS = {row["slug"] for row in read("themes.csv") if not row["parent"]}
STATUS = {
    row["concept_id"]: row["status"]
    for path in sorted((CONTENT / "glossary").glob("terms-*.csv"))
    for row in read(f"glossary/{path.name}")
    if row["status"]
}
WITH_PAGES = {row["iso3"] for row in read("country_pages.csv")}
each_expert = pytest.mark.parametrize("expert", EXPERTS, ids=lambda row: row["slug"])


def parts(expert: dict[str, str], table: str) -> list[dict[str, str]]:
    return [row for row in TABLES[table] if row["expert"] == expert["slug"]]


def test_there_are_fifty_each_once():
    assert len(EXPERTS) == 50
    for column in ("slug", "name"):
        assert max(Counter(row[column] for row in EXPERTS).values()) == 1
    assert {row["expert"] for rows in TABLES.values() for row in rows} == {row["slug"] for row in EXPERTS}


@pytest.mark.parametrize("path", sorted(CONTENT.glob("experts*.csv")), ids=lambda path: path.name)
def test_files_are_plain(path):
    text = path.read_bytes().decode("utf-8")
    assert "\r" not in text and text.endswith("\n") and "\ufeff" not in text and "\u200b" not in text
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert all(len(row) == len(header) for row in rows)
    assert all(cell == cell.strip() and "  " not in cell for row in rows for cell in row)
    assert not [cell for row in rows for cell in row if ADDRESS.search(cell)]
    assert not [cell for row in rows for cell in row if "'" in cell]  # typographic apostrophes only


@each_expert
def test_who_it_is(expert):
    assert expert["sample"] == "yes" and SLUG.fullmatch(expert["slug"])
    assert len(expert["name"].split()) >= 2 and expert["residence"] in COUNTRIES and expert["language"] == "en"
    assert 1 <= int(expert["confirmed"]) <= 11
    for language in LANGUAGES:
        headline, summary = expert[f"headline_{language}"], expert[f"summary_{language}"]
        assert bool(headline) == bool(summary) and (headline or language != "en")
        assert len(headline) <= 80 and not headline.endswith(".") and len(summary) <= 320
        assert not summary or summary.endswith(".")


@each_expert
def test_what_they_did(expert):
    work, jobs, studies = (parts(expert, name) for name in ("assignments", "positions", "education"))
    assert 2 <= len(work) <= 4 and jobs and studies
    assert [row["number"] for row in work] == [str(number) for number in range(1, len(work) + 1)]
    for row in work:
        assert row["title"] and row["role"] and GENERIC.match(row["client"])
        assert codes(row["countries"]) and set(codes(row["countries"])) <= set(COUNTRIES)
        assert codes(row["themes"]) and set(codes(row["themes"])) <= THEMES - ROOTS
        assert {STATUS.get(number) for number in codes(row["concepts"])} <= {"validated"}
    for row in jobs:
        assert row["title"] and GENERIC.match(row["employer"]) and row["country"] in COUNTRIES
    for row in studies:
        assert row["degree"] and GENERIC.match(row["institution"]) and row["country"] in COUNTRIES
        assert YEAR.fullmatch(row["year"]) and int(row["year"]) <= LAST_YEAR
    for row in [*work, *jobs]:
        assert row["start"] and DATE.fullmatch(row["start"]) and DATE.fullmatch(row["end"])
        assert not row["end"] or row["start"] <= row["end"] <= str(LAST_YEAR)
    assert all(int(row["start"][:4]) <= LAST_YEAR for row in [*work, *jobs])
    assert sum(1 for row in jobs if not row["end"]) == 1


@each_expert
def test_what_they_know(expert):
    rows = parts(expert, "expertise")
    assert 2 <= len(rows) <= 5
    numbers = {f"assignment:{row['number']}" for row in parts(expert, "assignments")}
    for row in rows:
        assert bool(row["concept"]) != bool(row["topic"])
        assert not row["concept"] or STATUS[row["concept"]] == "validated"
        assert row["mastery"] in MASTERY and 1 <= int(row["years"]) <= 30
        assert 2015 <= int(row["last_used"]) <= LAST_YEAR
        # A sample wrote nothing: its claims rest on its own invented work alone.
        assert len(codes(row["evidence"])) <= 2 and set(codes(row["evidence"])) <= numbers
    assert any(row["evidence"] for row in rows)
    assert max(Counter(row["concept"] or row["topic"] for row in rows).values()) == 1


@each_expert
def test_what_they_speak(expert):
    rows = parts(expert, "languages")
    assert 1 <= len(rows) <= 5 and any(row["mother_tongue"] == "yes" for row in rows)
    assert max(Counter(row["language"] for row in rows).values()) == 1
    for row in rows:
        assert re.fullmatch(r"[a-z]{2,3}", row["language"]) and row["mother_tongue"] in ("", "yes")
        assert all(row[skill] in CEFR for skill in SKILLS) and row["un_level"] in UN_LEVELS
        assert bool(row["mother_tongue"]) != any(row[name] for name in (*SKILLS, "un_level"))
    spoken = {row["language"] for row in rows}
    for language in LANGUAGES[1:]:  # who has a text in a language works in it
        assert not expert[f"headline_{language}"] or language in spoken


def test_they_come_from_everywhere():
    regions = Counter(COUNTRIES[row["residence"]]["region"] for row in EXPERTS)
    assert len(regions) == 5 and min(regions.values()) >= 5
    worked_in = {code for row in TABLES["assignments"] for code in codes(row["countries"])}
    assert len(WITH_PAGES - worked_in) == 0
    assert sum(1 for row in EXPERTS if row["headline_fr"]) >= 12
    assert sum(1 for row in EXPERTS if row["headline_es"]) >= 10


def test_they_cover_the_themes_and_the_branches():
    themes = Counter(slug for row in TABLES["assignments"] for slug in codes(row["themes"]))
    branches = {row["slug"] for row in read("themes.csv") if row["parent"] == "branches"}
    assert branches <= set(themes) and len(themes) >= 35


def test_french_and_spanish_are_set_as_they_should():
    for row in EXPERTS:
        for name in ("headline", "summary"):
            assert not re.search(r"[^\u00a0\u202f][;:?!»]|«[^\u00a0\u202f]", row[f"{name}_fr"])
            spanish = row[f"{name}_es"]
            assert spanish.count("¿") == spanish.count("?") and spanish.count("¡") == spanish.count("!")


def test_texts_differ():
    titles = defaultdict(set)
    for row in TABLES["assignments"]:
        titles[row["title"]].add(row["expert"])
    assert all(len(experts) == 1 for experts in titles.values())
    for language in LANGUAGES:
        texts = [row[f"summary_{language}"] for row in EXPERTS if row[f"summary_{language}"]]
        assert len(set(texts)) == len(texts)
