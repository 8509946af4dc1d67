"""The glossary's plain files: complete sections, definitions that pass the gates, relations that lead somewhere.

One row is one designation. Cells of the concept stand on its first row, cells of a language section on the first row of
each language.
"""

import csv
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

CONTENT = Path(__file__).resolve().parents[2] / "content"
FOLDER = CONTENT / "glossary"
COLUMNS = (
    "concept_id,status,collection,themes,countries,broader_ids,related_ids,lang,lang_state,definition,"
    "definition_source,definition_url,note,example,term,kind,term_status,pos,gender,number,region,qualifier,"
    "context,source,link_mode,forms,reason,replaced_by"
)
CONCEPT_CELLS = "status collection themes countries broader_ids related_ids".split()
SECTION_CELLS = "lang_state definition definition_source definition_url note example".split()
LANGUAGES = ["en", "fr", "es"]
STATUSES = {"candidate", "draft", "validated", "deprecated"}
STATES = {"missing", "draft", "translated", "reviewed", "validated", "no_equivalent"}
KINDS = {"full_form", "abbreviation", "acronym", "short_form", "variant", "phrase", "search_only"}
TERM_STATUSES = {"preferred", "admitted", "deprecated", "superseded", "proposed"}
PARTS_OF_SPEECH = {"noun", "verb", "adjective", "adverb", "other"}
LINK_MODES = {"always", "first", "never", "case_sensitive"}
ARTICLES = {
    "en": "a an the",
    "fr": "le la les l un une des du d",
    "es": "el la los las lo un una unos unas",
}
FORBIDDEN = {
    "en": r"\bis (when|where)\b|\brefers? to\b|\betc\b|\band/or\b",
    "fr": r"\bc['’]est (quand|lorsque)\b|\bdésigne|\bse (réfère|rapporte) à\b|\betc\b|\bet/ou\b",
    "es": r"\bes cuando\b|\bse refiere a\b|\bdesigna|\betc\b|\by/o\b",
}
WORDS = range(8, 46)
LENGTH_RATIO = (0.6, 1.7)


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(cell: str) -> list[str]:
    return [code for code in cell.split(";") if code]


def tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def contains(text: str, phrase: str) -> bool:
    """Whether the words of ``phrase`` stand next to each other in ``text``; hyphens and apostrophes separate words."""
    return f" {' '.join(tokens(phrase))} " in f" {' '.join(tokens(text))} "


FILES = [path.name for path in sorted(FOLDER.glob("terms-*.csv"))]
ROWS = [row for name in FILES for row in read(name)]


def firsts(*keys: str) -> list[dict[str, str]]:
    """The first row of each group of rows that agree in ``keys``: it carries the cells of the whole group."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for row in ROWS:
        found.setdefault(tuple(row[key] for key in keys), row)
    return list(found.values())


CONCEPTS = {row["concept_id"]: row for row in firsts("concept_id")}
SECTIONS = firsts("concept_id", "lang")
SECTION_IDS = [f"{row['concept_id']}.{row['lang']}" for row in SECTIONS]
DEFINED = [row for row in SECTIONS if row["definition"]]
DEFINED_IDS = [f"{row['concept_id']}.{row['lang']}" for row in DEFINED]


def section_rows(section: dict[str, str]) -> list[dict[str, str]]:
    return [row for row in ROWS if (row["concept_id"], row["lang"]) == (section["concept_id"], section["lang"])]


def surfaces(section: dict[str, str]) -> list[str]:
    return [text for row in section_rows(section) for text in [row["term"], *codes(row["forms"])]]


def ancestors(concept: str) -> set[str]:
    """All broader concepts of ``concept``, near and far; contains ``concept`` itself where the tree has a cycle."""
    found: set[str] = set()
    waiting = codes(CONCEPTS[concept]["broader_ids"])
    while waiting:
        identity = waiting.pop()
        if identity not in found and identity in CONCEPTS:
            found.add(identity)
            waiting += codes(CONCEPTS[identity]["broader_ids"])
    return found


def test_there_are_terms():
    assert FILES and CONCEPTS


@pytest.mark.parametrize("name", [*FILES, "collections.csv"])
def test_files_are_plain_text(name):
    text = (FOLDER / name).read_bytes().decode("utf-8")
    assert "\r" not in text and text.endswith("\n") and "(check)" not in text.lower()
    assert unicodedata.is_normalized("NFC", text)
    assert all(None not in row and None not in row.values() for row in read(name)), "a row has too many or few cells"
    assert all(cell == cell.strip() and "  " not in cell for row in read(name) for cell in row.values()), "stray blanks"


@pytest.mark.parametrize("name", FILES)
def test_columns(name):
    assert (FOLDER / name).read_text(encoding="utf-8").split("\n", 1)[0] == COLUMNS


def test_collections():
    collections = read("collections.csv")
    with (CONTENT / "themes.csv").open(encoding="utf-8", newline="") as file:
        themes = {row["slug"] for row in csv.DictReader(file)}
    assert len(collections) == len({row["slug"] for row in collections}) == 17
    for row in collections:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", row["slug"]), row
        assert row["name_en"] and row["name_fr"] and row["name_es"], row
        assert codes(row["themes"]) and set(codes(row["themes"])) <= themes, row


def test_concepts_use_the_lists():
    collections = {row["slug"]: codes(row["themes"]) for row in read("collections.csv")}
    with (CONTENT / "themes.csv").open(encoding="utf-8", newline="") as file:
        themes = {row["slug"] for row in csv.DictReader(file)}
    with (CONTENT / "countries.csv").open(encoding="utf-8", newline="") as file:
        countries = {row["iso3"] for row in csv.DictReader(file)}
    for row in CONCEPTS.values():
        assert re.fullmatch(r"[1-9]\d*", row["concept_id"]), row
        assert row["status"] in STATUSES and row["collection"] in collections, row
        assert codes(row["themes"]) and set(codes(row["themes"])) <= themes, row
        assert set(codes(row["countries"])) <= countries, row


def test_rows_stand_together_and_shared_cells_stand_once():
    order = [(row["concept_id"], row["lang"]) for row in ROWS]
    starts = [key for previous, key in zip([None, *order], order, strict=False) if key != previous]
    assert len(starts) == len(set(starts)), "the rows of a section are scattered"
    concepts = {id(row) for row in CONCEPTS.values()}
    sections = {id(row) for row in SECTIONS}
    for row in ROWS:
        assert id(row) in concepts or not any(row[cell] for cell in CONCEPT_CELLS), row
        assert id(row) in sections or not any(row[cell] for cell in SECTION_CELLS), row


def test_each_concept_has_every_language():
    assert Counter(row["lang"] for row in SECTIONS) == dict.fromkeys(LANGUAGES, len(CONCEPTS))


@pytest.mark.parametrize("section", SECTIONS, ids=SECTION_IDS)
def test_section_has_state_and_one_preferred_full_form(section):
    assert section["lang_state"] in STATES
    preferred = [row for row in section_rows(section) if row["term_status"] == "preferred"]
    assert [row["kind"] for row in preferred] == ["full_form"]
    if section["lang_state"] == "validated":
        assert section["definition"] and section["definition_source"]
        assert CONCEPTS[section["concept_id"]]["status"] in {"validated", "deprecated"}
    if section["definition_url"]:
        assert re.fullmatch(r"https?://\S+", section["definition_url"])


def test_a_validated_concept_has_a_validated_pivot():
    for section in SECTIONS:
        if section["lang"] == "en" and CONCEPTS[section["concept_id"]]["status"] == "validated":
            assert section["lang_state"] == "validated", section


def test_preferred_terms_are_unique():
    preferred = Counter(
        (row["lang"], " ".join(tokens(row["term"])), row["qualifier"])
        for row in ROWS
        if row["term_status"] == "preferred"
    )
    assert [key for key, count in preferred.items() if count > 1] == []


@pytest.mark.parametrize("section", DEFINED, ids=DEFINED_IDS)
def test_definition_is_one_short_sentence(section):
    text, language = section["definition"], section["lang"]
    assert len(text.split()) in WORDS, f"{len(text.split())} words"
    assert tokens(text)[0] not in ARTICLES[language].split(), "initial article"
    first = text.split()[0]
    assert first.islower() or first.isupper(), "initial capital"
    assert not re.search(r"[.!?]$|[.!?;]\s", text), "final stop or second sentence"
    assert not re.search(r"[()\[\]]", text), "brackets: put a second definition into a note"
    assert not re.search(FORBIDDEN[language], text.lower()), "wording that defines nothing"


@pytest.mark.parametrize("section", DEFINED, ids=DEFINED_IDS)
def test_definition_is_not_circular(section):
    assert [surface for surface in surfaces(section) if contains(section["definition"], surface)] == []


@pytest.mark.parametrize("concept", CONCEPTS)
def test_languages_say_the_same(concept):
    texts = {row["lang"]: row["definition"] for row in DEFINED if row["concept_id"] == concept}
    low, high = LENGTH_RATIO
    for text in texts.values():
        assert low <= len(text) / len(texts["en"]) <= high, texts
        assert re.findall(r"\d+", text) == re.findall(r"\d+", texts["en"]), texts
    for cell in ("note", "example"):
        filled = {row["lang"] for row in DEFINED if row["concept_id"] == concept and row[cell]}
        assert filled in (set(), set(texts)), f"{cell} in some languages only"


@pytest.mark.parametrize("concept", CONCEPTS)
def test_relations(concept):
    broader, related = codes(CONCEPTS[concept]["broader_ids"]), codes(CONCEPTS[concept]["related_ids"])
    assert len({*broader, *related}) == len(broader) + len(related), "a relation stands twice"
    assert concept not in related
    if len(FILES) > 1:  # the halves refer to each other
        assert {*broader, *related} <= set(CONCEPTS)
    above = ancestors(concept)
    assert concept not in above, "broader runs in a circle"
    assert not above & set(related), "a related concept is also broader"
    assert not any(concept in ancestors(other) for other in related if other in CONCEPTS), (
        "a related concept is narrower"
    )


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['concept_id']}.{row['lang']}.{row['term']}" for row in ROWS])
def test_designation(row):
    assert row["term"] and row["kind"] in KINDS and row["term_status"] in TERM_STATUSES
    assert row["pos"] in PARTS_OF_SPEECH and row["number"] in {"singular", "plural"}
    assert row["link_mode"] in LINK_MODES
    assert not row["region"] or re.fullmatch(r"[A-Z]{2}", row["region"])
    genders = {"m", "f"} if row["lang"] in {"fr", "es"} and row["pos"] == "noun" else {""}
    assert row["gender"] in genders
    if row["kind"] == "acronym" and row["link_mode"] != "never":
        assert row["link_mode"] == "case_sensitive", "an acronym must not link other words"
    if row["term_status"] in {"deprecated", "superseded"}:
        assert row["reason"] or row["replaced_by"], "say why, or what replaces it"
    assert not row["replaced_by"] or len(FILES) < 2 or row["replaced_by"] in CONCEPTS


@pytest.mark.parametrize("section", SECTIONS, ids=SECTION_IDS)
def test_designations_and_forms_stand_once(section):
    texts = surfaces(section)
    assert all(texts) and all(text == text.strip() for text in texts)
    assert [text for text, count in Counter(texts).items() if count > 1] == []


def test_texts_use_the_typographic_apostrophe():
    for row in ROWS:
        assert not any(
            "'" in cell for cell in row.values() if not cell.startswith("resource:") and cell != row["context"]
        ), row


def test_french_spacing():
    for row in (row for row in ROWS if row["lang"] == "fr"):
        for cell in ("definition_source", "note", "example", "reason"):
            assert not re.search(r"[^\u00a0]»|«[^\u00a0]|[^\u00a0][;:?!](\s|$)", row[cell]), (
                row["concept_id"],
                row[cell],
            )


def test_attestations_occur_in_their_titles():
    with (CONTENT / "resources.csv").open(encoding="utf-8", newline="") as file:
        titles = {int(row["id"][1:]): (row["title"], row["language"]) for row in csv.DictReader(file)}
    attested = [row for row in ROWS if row["source"].startswith("resource:")]
    for row in attested:
        title, language = titles[int(row["source"].removeprefix("resource:"))]
        assert row["context"] == title and row["lang"] == language, row
        assert any(contains(title, text) for text in [row["term"], *codes(row["forms"])]), row
    assert not [row["term"] for row in ROWS if row["context"] and not row["source"]], "a context without source"
    concepts = {row["concept_id"] for row in attested}
    assert len(concepts) >= len(CONCEPTS) / 2, "too few concepts occur in the library"
