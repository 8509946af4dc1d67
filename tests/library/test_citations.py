"""Citations as readers copy them."""

import pytest

from library.choices import ResourceType
from library.citations import citation_html, citation_text
from library.records import Record


def record(**fields) -> Record:
    defaults = {"number": 7, "type": "report", "title": "Maternity at work", "language": "en", "address": ""}
    return Record(**{**defaults, **fields})


@pytest.mark.parametrize(
    ("fields", "citation"),
    [
        (
            {
                "type": "working-paper", "bodies": ("International Labour Office",), "date": "2015-03",
                "title": "Social protection for maternity", "series": "Social Protection Policy Papers",
                "series_number": "15", "place": "Geneva", "publishers": ("ILO",), "isbns": ("978-92-2-129853-3",),
            },
            "International Labour Office. 2015. Social protection for maternity. Social Protection Policy Papers 15."
            " Geneva: ILO. ISBN 978-92-2-129853-3.",
        ),
        (
            {
                "type": "article", "persons": ("Ong, C. B.", "Himanshu"), "date": "2017", "series": "Review",
                "series_number": "70(1)", "pages": "167-183", "doi": "10.1111/issr.1",
            },
            "Ong, C. B.; Himanshu. 2017. “Maternity at work.” Review 70(1): 167–183. https://doi.org/10.1111/issr.1",
        ),
        (
            {"type": "chapter", "persons": ("Barr",), "series": "A Compendium", "pages": "331–48", "place": "Geneva"},
            "Barr. n.d. “Maternity at work.” In A Compendium, pp. 331–48. Geneva.",
        ),
        ({"date": "2019"}, "Maternity at work. 2019."),
        ({"persons": ("Drouin, A.",), "more_persons": True}, "Drouin, A.; et al. n.d. Maternity at work."),
        ({"title": "Who pays?", "bodies": ("ILO",)}, "ILO. n.d. Who pays?"),
        ({"bodies": ("ILO",), "publishers": ("ILO",), "date": "2020"}, "ILO. 2020. Maternity at work."),
        (
            {"address": "https://example.org/id/resource/7", "bodies": ("FAO", "ILO")},
            "FAO; ILO. n.d. Maternity at work. https://example.org/id/resource/7",
        ),
    ],
)  # fmt: skip
def test_citation(fields, citation):
    assert citation_text(record(**fields)) == citation


def test_of_many_persons_ten_are_named():
    text = citation_text(record(persons=tuple(f"Name{i}, A." for i in range(30))))
    assert text.startswith("Name0, A.; ") and "Name9, A.; et al. n.d." in text and "Name10" not in text


@pytest.mark.parametrize("kind", ResourceType.values)
def test_every_type_names_the_title_once_in_italics_or_in_quotation_marks(kind):
    html = citation_html(record(type=kind))
    assert html.count("Maternity at work") == 1
    assert ("<i>Maternity at work</i>." in html) != ("“Maternity at work.”" in html)


@pytest.mark.parametrize("field", ["title", "place", "series", "series_number", "pages", "doi", "address"])
def test_what_people_wrote_is_escaped(field):
    html = citation_html(record(**{field: "<script>alert(1)</script>-2"}))
    assert "<script" not in html and "&lt;script&gt;" in html


@pytest.mark.parametrize("field", ["persons", "bodies", "publishers", "isbns"])
def test_names_are_escaped(field):
    assert "<b>" not in citation_html(record(**{field: ("<b>x",)}))
