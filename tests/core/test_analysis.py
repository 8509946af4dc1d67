import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis import MAX_TOKEN, clean, fold, identifiers, keys, stems, tokens
from core.folding import normalize

ANY_TEXT = st.text(st.characters(exclude_categories=()))
TRICKY_TEXT = st.text(
    st.sampled_from(
        "aLdsqu'’ʼ- \u00a0\u00ad\u200b\u200c\u200d\u0301\u0654\u0627社会の\u3099ｶﾞปรกัเİßﬁ１２年\ufdfa\u0640\"\0\ud800"
    )
)
TEXTS = ANY_TEXT | TRICKY_TEXT
LANGUAGES = st.sampled_from(["en", "fr", "es", "ar", "ru", "tr", "zh", "th", "fa", "hi", "pt-BR", "und", ""])


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("l'État", "fr", ["l", "etat"]),
        ("L’État d’activité", "fr", ["l", "etat", "d", "activite"]),
        ("l\u02bcétat", "fr", ["l", "etat"]),
        ("jusqu'à lorsqu’il puisqu'on qu'elle", "fr", ["jusqu", "a", "lorsqu", "il", "puisqu", "on", "qu", "elle"]),
        ("aujourd’hui", "fr", ["aujourdhui"]),
        ("Côte d'Ivoire", "en", ["cote", "d", "ivoire"]),
        ("dell’assicurazione", "it", ["dell", "assicurazione"]),
        ("Brazil’s workers’ O'Brien don't", "en", ["brazil", "s", "workers", "obrien", "dont"]),
        ("old-age non\u2011contributory snake_case", "en", ["old", "age", "non", "contributory", "snake", "case"]),
        ("so\u00adcial\u00a0secu\u200erity", "en", ["social", "security"]),
        ("ﬁn İstanbul Straße ΣΑΣ cœur", "und", ["fin", "istanbul", "strasse", "σασ", "coeur"]),
        ("te\u0301le\u0301travail", "fr", ["teletravail"]),
        ("الضمانُ الاجتمـاعيّ أحمد مستشفى", "ar", ["الضمان", "الاجتماعي", "احمد", "مستشفي"]),
        ("می\u200cخواهم", "fa", ["مي\u200cخواهم"]),
        ("क्षेत्र", "hi", ["क्षेत्र"]),
        ("中国社会保障 ILO の 年", "zh", ["中国", "国社", "社会", "会保", "保障", "ilo", "の", "年"]),
        ("ガガ ｶﾞｶﾞ カ\u3099カ\u3099", "ja", ["ガガ"] * 3),
        ("บำนาญ", "th", ["บ\u0e4dา", "\u0e4dาน", "นา", "าญ"]),
        ("연금", "ko", ["연금"]),
        ("benefit¹ ٢٠٢٤ １２ Ⅳ ½", "und", ["benefit", "2024", "12", "iv"]),
        ("' \" \0 \ud800 \ufdfa ـ", "und", ["صليالله" + "عليهوسلم"]),
    ],
)
def test_keys(text, language, expected):
    assert keys(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The workers of Brazil's pensions", "en", ["worker", "brazil", "pension"]),
        ("les sécurités sociales de l’État", "fr", ["secur", "social", "etat"]),
        ("las pensiones de la vejez", "es-MX", ["pension", "vejez"]),
        ("as pensões dos trabalhadores", "pt_BR", ["penso", "trabalh"]),
        ("die Renten der Arbeiter", "de", ["rent", "arbeit"]),
        ("пенсии и пособия", "ru", ["пенс", "пособ"]),
        ("المعاشات في إفريقيا", "ar", stems("معاش افريقيا", "ar")),
        ("HAKLARI hakları İŞÇİLERİN", "tr", ["hak", "hak", "isci"]),
        ("to be or", "en", ["to", "be", "or"]),
        ("the pensions", "xx", ["the", "pensions"]),
    ],
)
def test_stems(text, language, expected):
    assert stems(text, language) == expected


def test_offsets_refer_to_the_given_text():
    text = "İ l’É\u0301tat, 社会保障; so\u00adcial\u00ad."
    assert [text[token.start : token.end] for token in tokens(text, "fr")] == [
        "İ", "l", "É\u0301tat", "社会", "会保", "保障", "so\u00adcial",
    ]  # fmt: skip


def test_questions_in_hindi_ask_for_their_topics():
    assert stems("भारत में सामाजिक सुरक्षा का विस्तार", "hi") == stems("भारत सामाजिक सुरक्षा विस्तार", "hi")
    assert len(stems("भारत में सामाजिक सुरक्षा का विस्तार", "hi")) == 4


def test_elided_particles_are_stop_words_in_every_language():
    assert [token.stop for token in tokens("Côte d'Ivoire", "en")] == [False, True, False]


def test_long_words_give_short_tokens():
    (token,) = tokens("é" * 100_000, "fr")
    assert (token.end, len(token.key), len(token.stem)) == (100_000, MAX_TOKEN, MAX_TOKEN)


def test_threads_agree():
    words = [f"relation{number}s pensions" for number in range(2000)]
    expected = [stems(word, "en") for word in words]
    results = []
    threads = [
        threading.Thread(target=lambda: results.append([stems(word + " x", "en")[:-1] for word in words]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 4


@given(TEXTS, LANGUAGES)
def test_tokens_are_true_ordered_and_storable(text, language):
    found = tokens(text, language)
    for token in found:
        assert 0 <= token.start < token.end <= len(text)
        assert 0 < len(token.key) <= MAX_TOKEN
        assert 0 < len(token.stem) <= MAX_TOKEN
        stored = token.key + token.stem
        assert not any(char.isspace() or char in "\"'\0" for char in stored)
        stored.encode()  # no lone surrogate
    starts, ends = [token.start for token in found], [token.end for token in found]
    assert starts == sorted(set(starts))
    assert ends == sorted(set(ends))
    assert keys(text, language) == [token.key for token in found]
    assert bool(stems(text, language)) == bool(found)


@given(TEXTS, LANGUAGES)
def test_a_token_analysed_alone_keeps_its_key(text, language):
    for token in tokens(text, language):
        assert "".join(keys(text[token.start : token.end], language)) == token.key or len(token.key) == MAX_TOKEN


@given(TEXTS)
def test_fold_is_idempotent(text):
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_fold_forgets_case_and_accents(text):
    assert fold(f"é{text}") == "e" + fold(text) or not text.isascii()
    assert "\u0301" not in fold(text)


def test_fold_keeps_sentences():
    assert fold("L’ÉTAT “Œuvre”\u00a0co\u2011op ŁÓDŹ") == 'l\'etat "oeuvre" co-op lodz'


def test_long_runs_of_marks_are_cut():
    """Putting them in order would take quadratic time: minutes for a page of them."""
    for marks in ("\u0301\u0316", "\U0001d165\U0001e8d0"):
        assert len(normalize("NFD", f"a{marks * 50_000}b")) == 32
        assert keys(f"a{marks * 50_000}", "en")


def test_clean():
    assert clean("a\0b\ud800\udabc\udfffc\x1b\x85\ufffe\U0001ffff\ufdd0\td\ne\ff\r") == "abc\td\ne\ff\r"
    assert clean("\0abcdef", limit=3) == "abc"


@given(ANY_TEXT)
def test_cleaned_text_can_be_stored(text):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert "\0" not in cleaned.encode().decode()
    assert len(clean(text, 5)) <= 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("doi:10.1234/ABC", ["doi:10.1234/abc"]),
        ("(see https://dx.doi.org/10.1234/abc.)", ["doi:10.1234/abc"]),
        ("https://doi.org/10.1234%2Fa%28b%29?utm=1#x", ["doi:10.1234/a(b)"]),
        ("10.1016/S0140-6736(05)12345-6, ", ["doi:10.1016/s0140-6736(05)12345-6"]),
        ("10.1234/a(b)" + ")." * 50_000, ["doi:10.1234/a(b)"]),
        ("10.1234/a%20b%22c", ["doi:10.1234/a"]),
        ("10.12/abc 110.1234/abc", []),
        ("ISBN 0-306-40615-2", ["isbn:9780306406157"]),
        ("0306406152 978-0-306-40615-7 9780306406157 978 0 306 40615 7", ["isbn:9780306406157"]),
        ("080442957x", ["isbn:9780804429573"]),
        ("978‑0‑306‑40615‑7", ["isbn:9780306406157"]),
        ("0306406153 9780306406158 +41 22 799 6111", []),
        ("C102 C 102 C.102 c102 C. 102 C001", ["ilo:c102", "ilo:c1"]),
        ("R202, R.202", ["ilo:r202"]),
        ("Convention No. 102", ["ilo:c102"]),
        ("Convention (no. 102)", ["ilo:c102"]),
        ("Social Security (Minimum Standards) Convention, 1952 (No. 102)", ["ilo:c102"]),
        ("Conventions Nos. 102, 121 and 128", ["ilo:c102", "ilo:c121", "ilo:c128"]),
        ("Recomendación núm. 202", ["ilo:r202"]),
        ("Recommendation n° 202; recommandation nº 67", ["ilo:r202", "ilo:r67"]),
        ("convention n°\u00a0155, Convenio número 157", ["ilo:c155", "ilo:c157"]),
        ("Convention of 1952, Convention 1952, vitamin C, ABC102, C102a, C0, Convention No. 0", []),
        ("GB.303/ESP/2.", ["symbol:gb.303/esp/2"]),
        ("gb.303/esp/2 GB.332/INS/12(Rev.)", ["symbol:gb.303/esp/2", "symbol:gb.332/ins/12(rev.)"]),
        ("A/RES/70/1 and/or HIV/AIDS N/A 24/7", ["symbol:a/res/70/1"]),
        ("C102 10.1234/abc C102", ["ilo:c102", "doi:10.1234/abc"]),
    ],
)
def test_identifiers(text, expected):
    assert identifiers(text) == expected


@given(TEXTS | st.text('C102R./() No%doi:GBESP-X978"’\u00a0'))
def test_identifiers_can_be_stored(text):
    for identifier in identifiers(text):
        assert not any(char.isspace() or char in '"\0' for char in identifier)
        identifier.encode()
