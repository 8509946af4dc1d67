"""The starter questions' plain files: complete, dated, and every citation resolves."""

import csv
import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

CONTENT = Path(__file__).resolve().parents[2] / "content"
COLUMNS = [
    "number", "language", "title", "asked_on", "answered_on", "constituent_group", "themes", "countries",
    "asked_by", "answered_by",
]  # fmt: skip
TERMS = range(1, 61)
TOKEN = re.compile(r"\[\[(resource|term|country|theme):([A-Za-z0-9-]+)(?:\|([^\]|]+))?\]\]")
SPACE = "\u00a0"


def rows(name: str) -> list[dict[str, str]]:
    with (CONTENT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


QUESTIONS = rows("questions.csv")
THEMES = {row["slug"] for row in rows("themes.csv")}
COUNTRIES = {row["iso3"]: row for row in rows("countries.csv")}
RESOURCES = {int(row["id"].removeprefix("b")) for row in rows("resources.csv")}


def path(row: dict[str, str]) -> Path:
    return CONTENT / "questions" / f"{row['number']}.{row['language']}.md"


def parts(row: dict[str, str]) -> tuple[str, str]:
    """Question and answer; the one line of three hyphens stands between them."""
    question, answer = path(row).read_text(encoding="utf-8").split("\n---\n")
    return question.strip(), answer.strip()


def tokens(text: str, kind: str) -> list[str]:
    return [match[2] for match in TOKEN.finditer(text) if match[1] == kind]


def shown(text: str) -> str:
    """The text as it is read: a token stands for its label."""
    return TOKEN.sub(lambda match: match[3] or "", text)


def words(text: str) -> int:
    return len(re.findall(r"\w+(?:[’'.,-]\w+)*", shown(text)))


each = pytest.mark.parametrize("row", QUESTIONS, ids=[path(row).name for row in QUESTIONS])


def test_columns_are_those_of_the_loader():
    assert list(QUESTIONS[0]) == COLUMNS


def test_numbers_run_from_1_to_20_and_the_first_has_three_languages():
    languages = {}
    for row in QUESTIONS:
        languages.setdefault(int(row["number"]), []).append(row["language"])
    assert list(languages) == list(range(1, 21))
    assert sorted(languages.pop(1)) == ["en", "es", "fr"]
    assert Counter(tuple(codes) for codes in languages.values()) == {("en",): 12, ("es",): 4, ("fr",): 3}


def test_every_row_has_its_file_and_every_file_its_row():
    assert {path(row) for row in QUESTIONS} == set((CONTENT / "questions").iterdir())


@pytest.mark.parametrize("column", ["asked_on", "answered_on", "themes", "countries"])
def test_editions_of_one_question_agree(column: str):
    assert len({(row["number"], row[column]) for row in QUESTIONS}) == 20


def test_editions_of_one_question_cite_the_same():
    assert len({tuple(match[:2] for match in TOKEN.findall(parts(row)[1])) for row in QUESTIONS[:3]}) == 1


def test_titles_are_distinct():
    assert len({row["title"] for row in QUESTIONS}) == len(QUESTIONS)


@each
def test_dates_are_ordered(row):
    assert date(2026, 1, 1) <= date.fromisoformat(row["asked_on"]) < date.fromisoformat(row["answered_on"])
    assert date.fromisoformat(row["answered_on"]) < date(2026, 11, 25)


@each
def test_editors_ask_and_answer_for_nobody_else(row):
    assert (row["asked_by"], row["answered_by"], row["constituent_group"]) == ("GESS editors", "GESS editors", "")


@each
def test_themes_and_countries_exist(row):
    themes = row["themes"].split(";")
    countries = [code for code in row["countries"].split(";") if code]
    assert 1 <= len(themes) == len(set(themes)) <= 3
    assert set(themes) <= THEMES
    assert len(countries) == len(set(countries)) and set(countries) <= set(COUNTRIES)


@each
def test_countries_are_those_that_the_answer_names(row):
    assert {code for code in row["countries"].split(";") if code} == set(tokens(parts(row)[1], "country"))


@each
def test_title_asks(row):
    assert row["title"].endswith("?") and 20 <= len(row["title"]) <= 100


@each
def test_question_has_two_to_five_sentences_and_no_citation(row):
    question, _ = parts(row)
    assert 2 <= len(re.findall(r"[.?](?=\s|$)", question)) <= 5
    assert "[[" not in question and question.endswith("?")


@each
def test_answer_has_150_to_350_words(row):
    assert 150 <= words(parts(row)[1]) <= 350


@each
def test_every_token_is_well_formed(row):
    answer = parts(row)[1]
    assert answer.count("[[") == answer.count("]]") == len(TOKEN.findall(answer))


@each
def test_cited_resources_exist(row):
    cited = tokens(parts(row)[1], "resource")
    assert 2 <= len(cited) == len(set(cited)) <= 5
    assert {int(number) for number in cited} <= RESOURCES


@each
def test_cited_terms_exist(row):
    cited = tokens(parts(row)[1], "term")
    assert 1 <= len(cited) == len(set(cited)) <= 3
    assert all(int(number) in TERMS for number in cited)


@each
def test_cited_countries_and_themes_exist_and_are_called_by_their_names(row):
    answer = parts(row)[1]
    assert set(tokens(answer, "theme")) <= THEMES
    for kind, code, label in TOKEN.findall(answer):
        if kind == "country":
            name = COUNTRIES[code][f"name_{row['language']}"]
            assert label in ("", name, name.replace("&", "and"))


@each
def test_text_is_clean(row):
    text = path(row).read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert "\r" not in text and "<" not in text and "!" not in text and text.endswith("\n")


@each
def test_french_and_spanish_punctuation(row):
    text = row["title"] + "\n" + path(row).read_text(encoding="utf-8")
    if row["language"] == "fr":
        assert "'" not in text
        assert not re.search(rf"[^{SPACE}][;:?»%]|« ", shown(text))
    if row["language"] == "es":
        text = shown(text)
        assert text.count("?") == text.count("¿") > 0
