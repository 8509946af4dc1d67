"""The free pages' plain files: complete in three languages, section for section, spaced as each language is."""

import csv
import re
from pathlib import Path

import pytest

CONTENT = Path(__file__).resolve().parents[2] / "content"
LANGUAGES = ("en", "fr", "es")
NOT_FRENCH = re.compile(r" [;:?!%»]|« |\w[;?!%»]|\w: |'")
ADDRESSES = re.compile(r"\]\([^)]*\)|feed\.atom\?\S+")


def rows() -> list[dict[str, str]]:
    with (CONTENT / "free_pages.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def prose(slug: str, language: str) -> str:
    return (CONTENT / "free_pages" / f"{slug}.{language}.md").read_text(encoding="utf-8")


SLUGS = sorted({row["slug"] for row in rows()})


def test_every_page_is_there_in_three_languages():
    assert sorted((row["slug"], row["language"]) for row in rows()) == sorted(
        (s, la) for s in SLUGS for la in LANGUAGES
    )
    files = {path.name for path in (CONTENT / "free_pages").iterdir()}
    assert files == {f"{slug}.{language}.md" for slug in SLUGS for language in LANGUAGES}
    assert all(row["title"] and 40 <= len(row["lead"]) <= 300 and row["reviewed_on"] for row in rows())


@pytest.mark.parametrize("slug", SLUGS)
def test_translations_have_the_same_parts(slug):
    shapes = [re.findall(r"^(##|-)", prose(slug, language), flags=re.MULTILINE) for language in LANGUAGES]
    assert shapes[0] == shapes[1] == shapes[2] and shapes[0].count("##") >= 2


@pytest.mark.parametrize("slug", SLUGS)
def test_links_stay_in_the_language(slug):
    for language in LANGUAGES:
        others = [other for other in LANGUAGES if other != language]
        assert not re.search(rf"\]\(/({'|'.join(others)})/", prose(slug, language)), language


@pytest.mark.parametrize("row", [row for row in rows() if row["language"] == "fr"], ids=lambda row: row["slug"])
def test_french_is_spaced_as_french(row):
    for text in (row["title"], row["lead"], prose(row["slug"], "fr")):
        found = NOT_FRENCH.search(ADDRESSES.sub("", text))
        assert not found, f"{found[0]!r} in {text[max(0, found.start() - 20) : found.end() + 20]!r}"
