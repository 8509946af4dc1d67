import pytest
from hypothesis import given
from hypothesis import strategies as st

from links.matching import Matcher, Phrase

TERMS = [
    "social security", "social insurance", "security", "old-age pension", "old-age pension insurance fund",
    "insurance fund", "contributory", "workers' compensation", "C++", "a|b", "$", "x", "102", "the", "",
]  # fmt: skip
NAMES = [
    "Brazil", "Guinea", "Guinea-Bissau", "Côte d'Ivoire", "WHO", "IT", "Venezuela (Bolivarian Republic of)", "Perú",
]  # fmt: skip


def phrases(texts, language="en", exact_case=False):
    return [Phrase(text, language, f"term:{text}", exact_case) for text in texts]


ENGLISH = Matcher(phrases(TERMS) + phrases(NAMES, exact_case=True), "en")


def found(text, matcher=ENGLISH):
    return [match.target.removeprefix("term:") for match in matcher.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Social security and SOCIAL SECURITY.", ["social security", "social security"]),
        ("the old-age pension insurance fund", ["old-age pension insurance fund"]),
        ("an old age pension, insurance funds; insurance fund", ["old-age pension", "insurance fund"]),
        ("social security insurance", ["social security"]),
        (
            "social\u00a0security social\u202fsecurity social\u2011security so\u00adcial sec\u200erity",
            ["social security"] * 3,
        ),
        ("social\nsecurity", ["social security"]),
        ("social\n\nsecurity", ["security"]),
        ("social\fsecurity", ["security"]),
        ("social, security. social (security) social - security social/security", ["security"] * 4),
        ("insecurity securitys security2 security_x x_security", []),
        ("non-contributory non\u2011contributory Contributory", ["contributory"]),
        ("workers’ compensation, workers compensation", ["workers' compensation"]),
        ("Brazil's and Brazil’s, brazil BRAZIL", ["Brazil", "Brazil"]),
        ("Guinea-Bissau, Guinea Bissau, Guinea", ["Guinea-Bissau", "Guinea-Bissau", "Guinea"]),
        ("Cote d'Ivoire, Co\u0302te d’Ivoire", ["Côte d'Ivoire"]),
        ("Peru Perú PERÚ", ["Perú"]),
        ("who WHO it IT", ["WHO", "IT"]),
        (
            "Venezuela (Bolivarian Republic of), Venezuela Bolivarian Republic of",
            ["Venezuela (Bolivarian Republic of)"],
        ),
        ("C c++ a|b a b $ x 102 the", ["a|b"]),
        ("https://x.org/social-security www.security.org a.security@x.org security.org x.org/security", []),
        ("and/or security/Brazil", ["security", "Brazil"]),
        ("", []),
    ],
)
def test_find(text, expected):
    assert found(text) == expected


def test_a_match_tells_its_place():
    (match,) = ENGLISH.find("In Venezuela (Bolivarian Republic of).")
    assert (match.start, match.end, match.text) == (3, 37, "Venezuela (Bolivarian Republic of)")


def test_french_and_accents():
    matcher = Matcher(phrases(["sécurité sociale", "État", "aide"], "fr"), "fr-CH")
    assert found("La SÉCURITÉ SOCIALE, la securite sociale de l’État d'aide", matcher) == [
        "sécurité sociale", "sécurité sociale", "État", "aide",
    ]  # fmt: skip
    assert found("l'e\u0301tat aujourd'hui", matcher) == ["État"]


@pytest.mark.parametrize(
    ("names", "text", "expected"),
    [
        ([("aide", False), ("aidé", False), ("aide", False)], "aide aidé AIDÉ âide", ["0 2", "1", "1", "0 1 2"]),
        ([("aids", False), ("AIDS", True)], "Aids AIDS", ["0", "1"]),
        ([("old age", False), ("old-age", False)], "old-age", ["0 1"]),
    ],
)
def test_names_written_alike(names, text, expected):
    matcher = Matcher([Phrase(name, "fr", str(place), exact) for place, (name, exact) in enumerate(names)], "fr")
    assert [match.target for match in matcher.find(text)] == expected


def test_only_names_of_the_language_take_part():
    matcher = Matcher(phrases(["pension"], "fr") + phrases(["renta"], "en-GB") + phrases(["UNO"], "und", True), "en")
    assert found("pension renta UNO", matcher) == ["renta", "UNO"]


def test_scripts_without_spaces():
    matcher = Matcher(phrases(["社会保障", "保障制度", "中国"], "zh"), "zh-Hans")
    assert [(match.start, match.text) for match in matcher.find("中国社会保障制度。社会")] == [
        (0, "中国"),
        (2, "社会保障"),
    ]


def test_other_scripts():
    assert found("الضَّمان الاجتماعيّ", Matcher(phrases(["الضمان الاجتماعي"], "ar"), "ar")) == ["الضمان الاجتماعي"]
    assert found("Социальное обеспечение", Matcher(phrases(["социальное обеспечение"], "ru"), "ru")) != []
    assert found("SİGORTA ve sıgorta", Matcher(phrases(["sigorta"], "tr"), "tr")) == ["sigorta", "sigorta"]
    assert found("Straße STRASSE", Matcher(phrases(["Straße"], "de"), "de")) == ["Straße", "Straße"]


WORDS = st.lists(
    st.sampled_from(
        ["social", "security", "Security", "old", "age", "pension", "insurance", "fund", "Brazil", "WHO", "non",
         "contributory", " ", " ", " ", "-", "\u00a0", ".", ",", "\n", "'s", "É", "社会", "\ud800", "\u0301", "_", "/",
         "@"]
    )
).map("".join)  # fmt: skip


@given(WORDS | st.text())
def test_matches_are_true_ordered_and_apart(text):
    end = 0
    for match in ENGLISH.find(text):
        assert end <= match.start < match.end <= len(text)
        assert match.text == text[match.start : match.end]
        end = match.end


@given(WORDS, WORDS)
def test_a_blank_line_separates(left, right):
    both = [match.text for match in ENGLISH.find(f"{left} .\n\n. {right}")]
    assert both == [match.text for text in (f"{left} .", f". {right}") for match in ENGLISH.find(text)]


@given(st.text(min_size=1), st.booleans())
def test_a_name_matches_itself_or_nothing(name, exact_case):
    matcher = Matcher([Phrase(name, "en", "term:1", exact_case)], "en")
    for match in matcher.find(f"x. {name} .x"):
        assert match.text in name
