"""The automaton finds what the trie finds: on made-up texts and names of several scripts, whatever stands in them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from links.alignment import Latin, Wide
from links.matching import Matcher, Phrase
from links.trie import Trie

WORDS = {
    "en": ["social", "security", "old", "age", "pension", "pensions", "fund", "funds", "non", "contributory", "it", "WHO", "who", "the", "C", "naïve"],
    "fr": ["sécurité", "securite", "sociale", "œuvre", "État", "etat", "aide", "aidé", "l", "d", "qu", "aujourd", "hui", "main", "à", "maladie"],
    "es": ["pensión", "pension", "vejez", "régimen", "niño", "Perú", "peru", "de", "la", "ª"],
    "de": ["Straße", "STRASSE", "strasse", "Büro", "ﬁ", "Kasse"],
    "tr": ["İstanbul", "istanbul", "ısı", "SIGORTA", "sigorta"],
    "ru": ["социальное", "Социальное", "обеспечение", "й", "и\u0306", "фонд", "pension"],
    "el": ["ασφάλιση", "ΑΣΦΆΛΙΣΗ", "ασφαλισης", "ασφαλισησ"],
    "ar": ["الضمان", "الضَّمان", "الاجتماعي", "ى", "ي", "أ", "ا\u0654"],
    "hi": ["सामाजिक", "सुरक्षा", "क\u200dष"],
    "zh": ["社", "会", "保障", "制度", "中国", "社会保障", "AI", "，", "社会", "\uff21"],
    "ja": ["社会", "ほしょう", "か\u3099", "が", "ｶﾞ", "年金", "WHO"],
    "th": ["ประกัน", "สังคม", "น้ำ", "pension"],
    "ko": ["사회", "보장", "\u1112\u1161\u11ab"],
}  # fmt: skip
SIGNS = [
    " ", " ", " ", " ", "  ", "-", "- ", " - ", "\u2010", "\u2011\n", "\n", "\r\n", "\n\n", "\f", "\t", "\u00a0", "\u3000", ".", ". ", ".  ", ",", "(", ")", "/",
    "_", "'", "’", "\u02bc", "'s", "’s ", "\u00ad", "\u200d", "\u200e", "\u0301", "\ud800", "\0", "\x01", "@", "://", "www.", ".org", "http", "1", "²", "½", "“", "”", "–", "…", "",
]  # fmt: skip


def made_of(language: str, least: int, most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from([*WORDS[language], *SIGNS]), min_size=least, max_size=most).map("".join)


def names_of(language: str) -> st.SearchStrategy[list[tuple[str, bool]]]:
    spaced = st.lists(st.sampled_from(WORDS[language]), min_size=1, max_size=3).map(" ".join)
    return st.lists(
        st.tuples(spaced | spaced | made_of(language, 1, 5) | st.text(max_size=6), st.booleans()), max_size=8
    )


def agree(names: list[tuple[str, bool]], text: str, language: str) -> None:
    phrases = [Phrase(name, language, f"term:{place}", exact) for place, (name, exact) in enumerate(names)]
    matcher = Matcher(phrases, language)
    expected = list(Trie(phrases, language).find(text))
    assert matcher.find(text) == expected
    assert matcher.find(text) == expected  # what was remembered of the first time says the same


@pytest.mark.parametrize("language", WORDS)
@given(data=st.data())
def test_the_automaton_finds_what_the_trie_finds(language, data):
    names = data.draw(names_of(language))
    pieces = st.lists(made_of(language, 0, 12) | st.sampled_from([name for name, _ in names] or [""]), max_size=4)
    # A long plain text around it: else all would be read by the trie alone.
    plain = "Here is nothing of it whatever. " * data.draw(st.integers(0, 12))
    text = plain + data.draw(st.sampled_from(["", " "])).join(data.draw(pieces)) + plain
    agree(names, text, language)


@given(st.text(), st.text(max_size=8), st.booleans())
def test_in_any_text(text, name, exact):
    agree([(name, exact), (text[:5], exact), ("pension", False)], f"{text} pension {name} {text}", "en")


@given(st.text())
def test_aligned_texts_keep_all_places(text):
    assert len(Latin.align(text)) == len(Wide.align(text)) == len(text)


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["fund"], "x" * 5000 + " fund www.x.org"),
        (["fund"], "a/" * 5000 + " fund"),
        (["fund"], "fund " + "@" * 5000),
        (["social security", "security"], "social security_x social security.org see.social security. Social security."),
        (["security"], "pension.www.x.org/security security.www.x.org x@y.org,security"),
        (["Venezuela (Bolivarian Republic of)"], "Venezuela (Bolivarian Republic of)_ Venezuela (Bolivarian Republic of).a"),
        (["pay - as", "pay as"], "pay - as pay as pay -  as pay  as pay-\nas"),
        (["U.S. law", "law"], "U.S. law U.S.  law U.S.\nlaw"),
        (["insurance"], "l’insurance d'insurance aujourd'insurance insurance's insurance'x 'insurance'"),
        (["contributory"], "non-contributory non\u2011contributory pay-contributory non- contributory"),
        (["Straße"], "Strasse STRASSE Straße" + " word" * 60),
        (["old age fund", "age"], f"old{' ' * 150}age  fund. old  age{' ' * 99}fund. old age   fund old age    fund." + " word" * 200),
        (["old age fund", "age"], f"old  a\u00adge{' ' * 99}fund old\u00ad{' ' * 150}age{' ' * 90}\u00adfund." + " word" * 200),
        (["pay œuvre", "U.S.  law", "age"], "pay    œuvre pay œuvre U.S.   law U.S. law U.S.\n law" + " word" * 60),
    ],
)  # fmt: skip
def test_hard_places(names, text):
    agree([(name, False) for name in names], text, "en")
    agree([(name, True) for name in names], f"{text} {'word ' * 3000}", "en")


def test_long_texts_are_not_left_to_the_trie(monkeypatch):
    """An ordinary text with an address, a doubtful neighbour and a soft hyphen is read by the trie in these places only."""
    matcher = Matcher([Phrase("fund", "fr", "term:1", False)], "fr")
    text = "Le fund l’fund https://x.org/fund so\u00adcial fund. " + "Il n’y a rien à lire dans ce texte. " * 200
    read = []
    find = Trie.find
    monkeypatch.setattr(
        Trie, "find", lambda self, text, *rest, **more: read.append(len(text)) or find(self, text, *rest, **more)
    )
    assert len(matcher.find(text)) == 3
    assert sum(read) < len(text) / 10


@settings(max_examples=20)
@given(st.integers(1, 40))
def test_time_grows_no_faster_than_the_text(length):
    """Words without end, signs without end: what is read by the trie is read once."""
    matcher = Matcher([Phrase("fund", "en", "term:1", False)], "en")
    for sign in ("a", "/", "@", " ", "- ", "\u00ad", "_", "'", "www."):
        assert matcher.find(f"fund {sign * length * 100} fund") == list(
            matcher._trie.find(f"fund {sign * length * 100} fund")
        )
