"""What the page of all components shows: texts that are short, long, foreign, from right to left, or missing."""

from typing import Any

from django.utils.html import format_html

from core.entries import registry
from core.languages import direction, language_name
from core.nine import BRANCHES
from core.presentation import Item

SHORT = "Social pensions"
LONG = (
    "Report of the tripartite meeting of experts on the extension of social security to workers in the informal"
    " economy, domestic workers, seasonal agricultural workers and the self-employed, with a comparative study of"
    " contribution collection, registration, inspection and financing in twelve countries of three regions, 1995-2025"
)
FRENCH = "Comment étendre l’assurance maladie aux travailleurs de l’économie informelle ?"
ARABIC = "توسيع نطاق الضمان الاجتماعي"
SENTENCE = "Cash paid to a woman, and care given to her, in connection with pregnancy and childbirth."

MIXED = {"medical-care": "half", "old-age": "full", "maternity": "full", "invalidity": "hollow", "survivors": "full"}


def marks() -> list[tuple[str, dict[str, str]]]:
    """Return the mark of the nine with its caption: each state, a mixture, and each branch alone."""
    states = {"full": "in law, or its subject", "half": "for some groups", "hollow": "a source says there is none"}
    rows = [(caption, dict.fromkeys(BRANCHES, state)) for state, caption in states.items()]
    rows.append(("all states; a dash where nothing is recorded", MIXED))
    return rows + [(branch, {branch: "full"}) for branch in BRANCHES]


def results() -> list[Item]:
    """Return an item of every kind, then the resource in long, from right to left, and with hardly anything."""
    kinds = {
        "resource": (SHORT, "en"),
        "term": ("maternity benefit", "en"),
        "question": (FRENCH, "fr"),
        "country": ("Côte d’Ivoire", ""),
        "expert": ("Aminata Diop", ""),
        "theme": ("Maternity benefits", "en"),
        "page": ("How content is reviewed", "en"),
    }
    made = [_item(kind, title, language) for kind, (title, language) in kinds.items()]
    bare = Item(key="resource:4", kind="resource", kind_label=str(registry["resource"].label), title="1", url="#bare")
    return [*made, _item("resource", LONG, "en"), _item("resource", ARABIC, "ar"), bare]


def _item(kind: str, title: str, language: str) -> Item:
    words = title.split()
    return Item(
        key=f"{kind}:1",
        kind=kind,
        kind_label=str(registry[kind].label),
        title=title,
        url=f"#{kind}",
        language=language,
        language_name=language_name(language) if language else "",
        dir=direction(language) if language else "ltr",
        title_html=format_html("<mark>{}</mark> {}", words[0], " ".join(words[1:])),
        snippet=format_html("{} <mark>{}</mark>", SENTENCE, words[0]) if kind in ("resource", "term") else "",
        metadata=["Working paper", "International Labour Office", "48 pages"],
        year=2015 if kind in ("resource", "question") else None,
        nine=MIXED if kind in ("resource", "country") else {},
        editions=[(language_name("fr"), "fr", "#fr")] if kind == "resource" else [],
        count=1041 if kind == "theme" else None,
        facets={"equivalents": [("fr", "prestation de maternité"), ("es", "prestación de maternidad")]},
    )


def related() -> list[tuple[str, list[Item], int, str]]:
    """Return the groups of the side column; the empty one is left out on the page."""
    items = results()
    return [("One of each kind", items[:7], 41, "#all"), ("Long, foreign", items[7:], 3, ""), ("Empty", [], 0, "")]


WORDS: dict[str, Any] = {
    "short": SHORT,
    "long": LONG,
    "arabic": ARABIC,
    "sentence": SENTENCE,
    "citation": "International Labour Office. 2015. Social pensions. Geneva: ILO.",
    "cite_links": [("RIS", "#ris"), ("BibTeX", "#bibtex")],
    "editions": [("English", "en", "#en", True), ("Français", "fr", "#fr", False), ("", "es", "", False)],
    "record": [("Author", "International Labour Office"), ("Series", LONG), ("ISBN", "978-92-2-129853-3")],
}
FILTERS: dict[str, Any] = {
    "count": 1041,
    "chips": [("Branch", "Maternity", "#chips"), ("Country", "Democratic Republic of the Congo", "#chips")],
    "clear_url": "#chips",
    "sort_links": [("Best match first", "#sort", True), ("Newest first", "#sort", False)],
    "pages": [{"number": number, "url": "#pages", "current": number == 2} for number in range(1, 6)],
    "facets": [
        {
            "name": "branch",
            "label": "Branch",
            "options": [
                {"value": slug, "label": slug, "count": 3**n, "checked": n == 1, "nine": {slug: "full"}}
                for n, slug in enumerate(BRANCHES)
            ],
        },
        {
            "name": "theme",
            "label": "Theme",
            "options": [
                {"value": str(n), "label": label, "count": n, "checked": False, "nine": None}
                for n, label in enumerate([SHORT, LONG[:90], ARABIC, *map(str, range(2000, 2010))], start=1)
            ],
        },
        {"name": "empty", "label": "Without options: left out", "options": []},
    ],
}
FIGURES: dict[str, Any] = {
    "figures": [
        {"value": "39.9", "unit": "%", "share": 39.9, "label": SHORT, "source": "ILO, SDG 1.3.1", "year": 2021},
        {"value": "100", "unit": "%", "share": 100.0, "label": LONG[:80], "source": "ILO", "source_url": "#ilo"},
        {"value": "1,300,000", "unit": "", "share": None, "label": "A count has no track", "source": LONG[:90]},
    ],
    "schemes": [
        {
            "branch_labels": ["Old age", "Survivors"],
            "nine": {"old-age": "full", "survivors": "full"},
            "programmes": "Social insurance; social assistance",
            "first_law": "1957",
            "laws": "2003, 2009",
            "worker": "3 %",
            "employer": "7 %",
            "age": "65 men, 60 women",
            "as_of": "2015",
            "source": "SSA/ISSA 2015",
            "source_url": "#ssa",
            "note": LONG[:160],
        },
        {"branch_labels": ["Maternity"], "nine": {"maternity": "half"}, "as_of": "1999", "source": "SSA 1999"},
    ],
    "not_recorded": ["Medical care", "Sickness", "Unemployment"],
    "timeline": {
        "events": [
            {"year": 1957, "text": "First law on old-age pensions.", "source": "SSA 2015", "source_url": "#ssa"},
            {"year": 2006, "text": LONG},
        ]
    },
}
