"""RIS and BibTeX: what is written is read back by others' parsers."""

import re

import bibtexparser
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from library.choices import ResourceType
from library.exports import KINDS, bibtex, key, ris
from library.records import Record

# Line breaks, brackets of BibTeX and tags of RIS on purpose; names never hold a semicolon (Agent.clean).
text = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co"]), min_size=1, max_size=40)
text = st.one_of(text, st.sampled_from(["A {B", "50 % & more", "@misc(x", "ER  - ", "a\\", "x\nTY  - GEN", "$x_1^2$~"]))
text = text.filter(lambda value: value.strip() and "".join(value.split()))
name = text.map(lambda value: value.replace(";", " ").replace(",", " ")).filter(lambda value: value.strip())
person = st.one_of(name, st.tuples(name, name).map(", ".join))
records = st.builds(
    Record,
    number=st.integers(1, 10**6),
    type=st.sampled_from(ResourceType.values),
    title=text,
    language=st.just("en"),
    address=st.just("https://example.org/a;b_c"),
    persons=st.lists(person, max_size=3).map(tuple),
    bodies=st.lists(name, max_size=2).map(tuple),
    date=st.one_of(st.just(""), st.dates().map(str)),
    series=st.one_of(st.just(""), text),
    abstract=st.one_of(st.just(""), text),
)


def squeezed(value: str) -> str:
    return " ".join(value.split())


@given(st.lists(records, min_size=1, max_size=3))
def test_ris_is_read_back(written):
    read = rispy.loads(ris(written))
    assert len(read) == len(written)
    for back, record in zip(read, written, strict=True):
        assert back["type_of_reference"] == KINDS[record.type].ris != "GEN"
        assert back["title"] == squeezed(record.title)
        assert back.get("year", "") == record.year
        assert back.get("authors", []) == [squeezed(value) for value in record.persons or record.bodies]
        assert back["urls"] == ["https://example.org/a%3Bb_c"]


@given(st.lists(records, min_size=1, max_size=3, unique_by=lambda record: record.number))
def test_bibtex_is_read_back(written):
    library = bibtexparser.parse_string(bibtex(written))
    assert not library.failed_blocks
    assert len({entry.key for entry in library.entries}) == len(library.entries) == len(written)
    for entry, record in zip(library.entries, written, strict=True):
        assert entry.entry_type == KINDS[record.type].bibtex
        assert decoded(entry["title"]) == squeezed(record.title)
        assert (entry["year"] == record.year) if record.year else ("year" not in entry)
        names = names_in(entry["author"]) if "author" in entry else []
        assert [decoded(each) for each in names] == [squeezed(each) for each in record.persons or record.bodies]


def test_a_name_with_and_stays_one_name():
    record = Record(1, "report", "Title", "en", "", persons=("Smith and Sons", "Ong, C. B."))
    entry = bibtexparser.parse_string(bibtex([record])).entries[0]
    assert entry["author"] == "{Smith and Sons} and Ong, C. B."


def test_bodies_are_braced_and_persons_are_not():
    body = Record(1, "report", "Title", "en", "", bodies=("International Labour Organization", "FAO"))
    assert "author = {{International Labour Organization} and {FAO}}," in bibtex([body])
    more = Record(1, "report", "Title", "en", "", persons=("Ong, C. B.", "Himanshu"), more_persons=True)
    assert "author = {Ong, C. B. and Himanshu and others}," in bibtex([more])


def test_an_article_has_volume_issue_and_pages():
    article = Record(
        1, "article", "Title", "en", "", series="Review", series_number="70(1)", pages="167–183", date="2017-03"
    )
    read = rispy.loads(ris([article]))[0]
    expected = {"secondary_title": "Review", "volume": "70", "number": "1", "start_page": "167", "end_page": "183"}
    assert read.items() >= {**expected, "date": "2017/03"}.items()
    entry = bibtexparser.parse_string(bibtex([article])).entries[0]
    fields = {field.key: field.value for field in entry.fields}
    assert fields.items() >= {"journal": "Review", "volume": "70", "number": "1", "pages": "167--183"}.items()


@pytest.mark.parametrize("kind", ResourceType.values)
def test_every_type_has_a_place_in_both_formats(kind):
    record = Record(12, kind, "Title", "en", "", bodies=("ILO",), publishers=("Routledge",), series="Series")
    assert rispy.loads(ris([record]))[0]["publisher"] == "Routledge"
    assert "Routledge" in bibtex([record]) and "Series" in bibtex([record])


def test_keys_are_ascii_and_end_in_the_number():
    assert key(Record(5, "report", "Title", "en", "", persons=("Ñandú-Peña, J.",), date="2019")) == "nandupena2019-5"
    assert key(Record(6, "report", "Title", "en", "", persons=("محمد ثامر",))) == "resource-6"


MACROS = {
    "textbackslash": "\\",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciitilde": "~",
    "textasciicircum": "^",
}


def names_in(value: str) -> list[str]:
    """Split an author field as BibTeX does: at each "and" outside braces."""
    names, depth = [""], 0
    for word in value.split(" "):
        if word == "and" and depth == 0:
            names.append("")
            continue
        depth += word.count("{") - word.count("}")
        names[-1] += f" {word}"
    return [each.strip() for each in names]


def decoded(value: str) -> str:
    """Read LaTeX as reference managers do: macros to signs, escaped signs, and braces that only group."""
    marks = {f"\\{macro}{{}}": chr(0xE000 + place) for place, macro in enumerate(MACROS)}
    for macro, mark in marks.items():
        value = value.replace(macro, mark)
    value = re.sub(r"\\([&%$#_])", r"\1", value)
    value = value.replace("{", "").replace("}", "")
    for mark, sign in zip(marks.values(), MACROS.values(), strict=True):
        value = value.replace(mark, sign)
    return squeezed(value)
