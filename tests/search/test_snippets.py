"""The passage shown of a text: the one that says most, in whole words, with its page."""

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis import keys, stems
from search.snippets import LENGTH, beginning, page_of, passage
from sync.documents import documents_of
from tests.sync.helpers import resource

FILLER = "The scheme pays benefits to workers and their families in every province of the country. "


def words(question: str, language: str = "en") -> set[str]:
    return {*stems(question, language), *keys(question, language)}


def shown(text: str, question: str, language: str = "en") -> str | None:
    found = passage(text, language, words(question, language))
    return found and html.unescape(re.sub("<.*?>", "", found.html)).strip("… ")


def test_one_rare_word_counts_more_than_two_common_ones():
    text = FILLER * 40 + "\f" + "Kiribati has none of them."
    assert shown(text, "benefits workers Kiribati") == "Kiribati has none of them."
    assert "benefits to workers" in shown(text, "benefits workers")


def test_more_words_count_more_than_one():
    text = "Benefits workers. " * 3 + FILLER * 40 + "In Kiribati workers wait. " + FILLER * 40
    assert "Kiribati workers" in shown(text, "workers Kiribati")


def test_the_page_is_told_and_no_passage_crosses_one():
    pages = [FILLER * 30 for _ in range(60)]
    pages[36] = FILLER * 10 + "Actuarial valuation of the fund. " + FILLER * 10
    text = "\f".join(pages)
    found = passage(text, "en", words("actuarial valuation"))
    assert "<mark>Actuarial</mark> <mark>valuation</mark>" in found.html
    assert page_of(text, found.start) == 37
    assert passage("one fund\fvaluation two", "en", words("fund valuation")).html.count("<mark>") == 1
    assert page_of("no pages", 3) is None


@pytest.mark.parametrize(
    ("language", "sentence", "question"),
    [
        ("fr", "L'évaluation actuarielle de la caisse est à faire.", "évaluations actuarielles"),
        ("es", "La pensión de vejez se ajusta cada año.", "pensiones vejez"),
        ("ar", "التأمينات الاجتماعية في البلاد", "التأمينات"),
        ("ru", "Пенсионная реформа продолжается.", "пенсионной реформы"),
        ("zh", "中国社会保障制度的改革", "社会保障"),
        ("hi", "सामाजिक सुरक्षा का विस्तार", "सुरक्षा"),
        ("en", "New policies were adopted.", "policy"),
    ],
)
def test_long_texts_of_each_language_are_searched_to_their_end(language, sentence, question):
    text = FILLER * 800 + sentence + FILLER * 20
    assert shown(text, question, language) is not None
    assert sentence[:12] in shown(text, question, language)


def test_what_does_not_occur_gives_no_passage():
    assert passage(FILLER, "en", words("actuarial")) is None
    assert passage("", "en", words("actuarial")) is None
    assert passage(FILLER * 900, "en", set()) is None


TEXTS = st.text(st.sampled_from("ab é\f\n.<&'\"-世界社会ก็"), max_size=400) | st.lists(
    st.sampled_from(["pension", "fund", "a", "<b>", "&amp;", "\f", "été", "x" * 90, FILLER * 100]), max_size=60
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sets(st.sampled_from(["pension", "fund", "ete", "et", "a", "世界", "界社", "x" * 90]), max_size=3))
def test_a_passage_is_a_piece_of_the_text_in_whole_words_with_whole_marks(text, asked):
    found = passage(text, "en", asked)
    made = [found.html] if found else []
    for marked in [*made, beginning(text, "en")]:
        assert not re.search(r"<(?!/?mark>)", marked)
        assert marked.count("<mark>") == marked.count("</mark>")
        plain = html.unescape(re.sub("</?mark>", "", marked)).removeprefix("… ").removesuffix(" …")
        assert plain in text and len(plain) <= LENGTH + 2
    if found:
        plain = html.unescape(re.sub("</?mark>", "", found.html)).removeprefix("… ").removesuffix(" …")
        assert text[found.start :].startswith(plain) and "\f" not in plain
        assert "<mark>" in found.html
        before, after = text[found.start - 1 : found.start], text[found.start + len(plain) :][:1]
        spaceless = any(ord(char) > 0xE00 for char in plain)
        assert spaceless or not (before + plain[:1]).isalnum() or not before
        assert spaceless or not (plain[-1:] + after).isalnum() or not after


@pytest.mark.django_db
def test_the_page_stands_by_the_snippet(client, monkeypatch):
    row = resource("Report", abstract="Short.")
    text = "\f".join(["First page.", "Second page.", "Third page on gratuities."])

    def with_pages(key, version, entries):
        return documents_of(key, version, [replace(entry, text=text) for entry in entries])

    monkeypatch.setattr("sync.projection.documents_of", with_pages)
    row.save()
    answer = client.get("/api/v1/search/?q=gratuities").json()
    assert answer["results"][0]["page"] == 3
    assert answer["results"][0]["snippet"] == "… Third page on <mark>gratuities</mark>."
    assert ">page 3</span>" in client.get("/en/search/?q=gratuities").content.decode()
    assert client.get("/api/v1/search/?q=short").json()["results"][0]["page"] is None
