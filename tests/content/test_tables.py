"""The starter tables of ``content/``: every cell is well formed and every reference leads somewhere."""

import csv
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "content"

COLUMNS = {
    "themes.csv": "slug parent name_en name_fr name_es",
    "countries.csv": "iso3 iso2 name_en name_fr name_es region income_group",
    "resources.csv": "id title subtitle authors corporate_author year date publisher place series number pages"
    " isbn doi language type countries themes url seen_at checked",
    "works.csv": "work resource",
}
TYPES = {
    "actuarial-report",
    "article",
    "book",
    "case-study",
    "chapter",
    "conference-paper",
    "dataset",
    "evaluation",
    "guide",
    "international-instrument",
    "legislation",
    "multimedia",
    "policy-brief",
    "presentation",
    "report",
    "tool",
    "training-material",
    "web-resource",
    "working-paper",
}
LANGUAGES = {"ar", "de", "en", "es", "fr", "mn", "pt", "ru", "sl"}
REGIONS = {"africa", "americas", "arab-states", "asia-pacific", "europe-central-asia"}
INCOME_GROUPS = {"low", "lower-middle", "upper-middle", "high", ""}
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def read(name: str) -> list[dict[str, str]]:
    """All rows of a table; a row with too many or too few cells is an error that names its line."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        rows = []
        for row in reader:
            assert None not in row and None not in row.values(), (
                f"{name}, line {reader.line_num}: wrong number of cells"
            )
            rows.append(row)
    return rows


@pytest.fixture(scope="module")
def tables() -> dict[str, list[dict[str, str]]]:
    return {name: read(name) for name in COLUMNS}


@pytest.fixture(scope="module")
def resources(tables):
    return tables["resources.csv"]


def repeated(values) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def unlike(rows: list[dict[str, str]], column: str, pattern: str, *, optional: bool = False) -> list[dict[str, str]]:
    """The rows whose cell does not match the whole pattern."""
    return [row for row in rows if not (optional and not row[column]) and not re.fullmatch(pattern, row[column])]


def outside(rows: list[dict[str, str]], column: str, allowed: set[str]) -> list[tuple[str, str]]:
    """Members of a ``;`` list that are not allowed or stand twice, each with the id of its row."""
    found = []
    for row in rows:
        values = row[column].split(";") if row[column] else []
        found += [(row["id"], value) for value in values if value not in allowed or values.count(value) > 1]
    return found


def isbn_is_valid(text: str) -> bool:
    """ISO 2108: hyphens single and inside, then the check digit, modulo 10 with 13 digits and 11 with 10."""
    if not re.fullmatch(r"[0-9]+(-?[0-9]+)*-?[0-9X]", text):
        return False
    digits = [10 if character == "X" else int(character) for character in text.replace("-", "")]
    if len(digits) == 13 and "X" not in text:
        return text.startswith(("978", "979")) and sum(d * (1, 3)[i % 2] for i, d in enumerate(digits)) % 10 == 0
    return len(digits) == 10 and sum(d * (10 - i) for i, d in enumerate(digits)) % 11 == 0


@pytest.mark.parametrize("name", COLUMNS)
def test_files_are_utf8_with_unix_lines_and_the_documented_columns(name):
    data = (FOLDER / name).read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf") and b"\r" not in data and data.endswith(b"\n")
    assert data.decode("utf-8").split("\n")[0] == COLUMNS[name].replace(" ", ",")


@pytest.mark.parametrize("name", COLUMNS)
def test_text_is_nfc_trimmed_and_free_of_invisible_characters(tables, name):
    assert tables[name]
    faults = []
    for line, row in enumerate(tables[name], start=2):
        for column, text in row.items():
            if text != unicodedata.normalize("NFC", text):
                faults.append((line, column, "not NFC"))
            if text != text.strip() or "  " in text:
                faults.append((line, column, "stray space"))
            if any(unicodedata.category(character) in INVISIBLE for character in text):
                faults.append((line, column, "control or format character"))
    assert faults == []


def test_themes_form_a_tree(tables):
    themes = tables["themes.csv"]
    parents = {row["slug"]: row["parent"] for row in themes}
    assert repeated(row["slug"] for row in themes) == []
    assert unlike(themes, "slug", SLUG) == []
    assert [slug for slug, parent in parents.items() if parent and parent not in parents] == []
    for slug in parents:
        path = [slug]
        while parents[path[-1]]:
            path.append(parents[path[-1]])
            assert path[-1] not in path[:-1], f"themes in a circle: {path}"


@pytest.mark.parametrize("name", ["themes.csv", "countries.csv"])
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_names_are_given_once_and_typographic(tables, name, language):
    names = [row[f"name_{language}"] for row in tables[name]]
    assert "" not in names
    assert repeated(names) == []
    assert [text for text in names if "'" in text] == []


def test_all_countries_are_there_with_their_codes(tables):
    countries = tables["countries.csv"]
    assert len(countries) == 249
    assert unlike(countries, "iso3", "[A-Z]{3}") == [] == unlike(countries, "iso2", "[A-Z]{2}")
    assert repeated(row["iso3"] for row in countries) == [] == repeated(row["iso2"] for row in countries)
    assert [row["iso3"] for row in countries if row["region"] not in REGIONS] == ["ATA"]
    assert [row["iso3"] for row in countries if row["income_group"] not in INCOME_GROUPS] == []


def test_resources_have_unique_ids(resources):
    assert unlike(resources, "id", r"b\d{4}") == []
    assert repeated(row["id"] for row in resources) == []


def test_resources_have_title_language_type_and_mark(resources):
    assert unlike(resources, "title", ".+") == []
    assert repeated((row["title"], row["language"]) for row in resources) == []
    for column, allowed in (("language", LANGUAGES), ("type", TYPES), ("checked", {"yes", "no"})):
        assert [(row["id"], row[column]) for row in resources if row[column] not in allowed] == []


def test_resources_name_known_themes_and_countries(tables, resources):
    assert outside(resources, "themes", {row["slug"] for row in tables["themes.csv"]}) == []
    assert outside(resources, "countries", {row["iso3"] for row in tables["countries.csv"]}) == []
    assert [row["id"] for row in resources if not 1 <= len(row["themes"].split(";")) <= 3 or not row["themes"]] == []


def test_years_and_dates(resources):
    assert unlike(resources, "year", r"\d{4}", optional=True) == []
    assert [row["id"] for row in resources if row["year"] and not 1900 <= int(row["year"]) <= 2030] == []
    date = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
    assert unlike(resources, "date", date, optional=True) == []
    assert [row["id"] for row in resources if row["date"] and row["date"][:4] != row["year"]] == []


def test_identifiers(resources):
    assert [(row["id"], row["isbn"]) for row in resources if row["isbn"] and not isbn_is_valid(row["isbn"])] == []
    assert unlike(resources, "doi", r"10\.\d{4,9}/[^\s\"<>]*[^\s\"<>.,;]", optional=True) == []
    assert repeated(row["doi"].lower() for row in resources if row["doi"]) == []
    assert repeated(row["isbn"].replace("-", "") for row in resources if row["isbn"]) == []


def test_addresses(resources):
    assert unlike(resources, "url", r"https?://\S+", optional=True) == []


def test_a_record_without_a_source_is_not_marked_as_checked(resources):
    assert [row["id"] for row in resources if row["checked"] == "yes" and not row["seen_at"]] == []


def test_works_group_existing_resources_one_per_language(tables, resources):
    works = tables["works.csv"]
    languages = {row["id"]: row["language"] for row in resources}
    instruments = {row["id"] for row in resources if row["type"] == "international-instrument" and row["number"]}
    assert unlike(works, "work", SLUG) == []
    assert [row["resource"] for row in works if row["resource"] not in languages] == []
    assert [row["resource"] for row in works if row["resource"] in instruments] == []
    assert repeated(row["resource"] for row in works) == []
    assert repeated((row["work"], languages[row["resource"]]) for row in works) == []
    assert [work for work, count in Counter(row["work"] for row in works).items() if count < 2] == []
