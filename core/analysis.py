"""Text into tokens, once for all search engines and for the linker.

A word is a run of letters and digits with their combining marks. Hyphens, underscores and all other punctuation
separate words. An apostrophe separates after an elision (l'État) and before a possessive s (Brazil's), else it belongs
to the word (aujourd'hui). Runs of Chinese, Japanese, Thai, Lao and Khmer become overlapping pairs of characters.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from core.folding import APOSTROPHES, IGNORABLE, JOINERS, character_set, clean, drop_loose_joiners, fold, normalize
from core.identifiers import identifiers
from core.stopwords import STOP_WORDS

__all__ = ["MAX_TOKEN", "Token", "clean", "fold", "identifiers", "keys", "primary", "spans", "stems", "tokens"]

MAX_TOKEN = 128  # characters of a key or stem; PostgreSQL refuses lexemes over 2,046 bytes
_CACHED_WORD = 48  # longer words are rarely words and would fill the cache with noise

_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "st": "sesotho", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_STOP = {language: frozenset(map(fold, words)) for language, words in STOP_WORDS.items()}
_NO_STOP: frozenset[str] = frozenset()

_ELISIONS = frozenset(["l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"])
_ELISIONS_OF = {
    "it": _ELISIONS | {"all", "dall", "dell", "nell", "sull", "coll", "un", "quest", "quell", "dov", "cent"}
}
_LONGEST_ELISION = 12  # with accents and invisible characters
_TURKISH_CASE = str.maketrans({"I": "ı", "İ": "i"})

# Scripts written without spaces between words: Thai, Lao, Khmer, kana, Han.
_SPACELESS_BLOCKS = [
    range(0x0E00, 0x0F00), range(0x1780, 0x1800), range(0x3005, 0x3008), range(0x3040, 0x3100), range(0x31F0, 0x3200),
    range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00), range(0xFF66, 0xFFA0),
    range(0x1AFF0, 0x1B170), range(0x20000, 0x33480),
]  # fmt: skip
_INVISIBLE = f"{IGNORABLE}{JOINERS}"


def _classify() -> tuple[str, str, str]:
    """Return all characters of scripts without spaces, all other letters and digits, and all other marks."""
    spaceless, letters, marks = [], [], []
    blocks = {code for block in _SPACELESS_BLOCKS for code in block}
    # Planes 3 and up hold ideographs, variation selectors and nothing else that is written.
    for code in (*range(0x20000), *_SPACELESS_BLOCKS[-1]):
        char = chr(code)
        category = unicodedata.category(char)
        if category == "Nd" or (category[0] == "L" or category == "Nl") and code not in blocks:
            letters.append(char)
        elif category[0] in "LMN" and category != "No":
            (spaceless if code in blocks else marks).append(char)
    outside = set(APOSTROPHES + _INVISIBLE)
    return tuple("".join(char for char in group if char not in outside) for group in (spaceless, letters, marks))


def _one_of(chars: str) -> str:
    """Return an expression for one of the characters: sets within the first plane are tables, others slow lists."""
    near = character_set(char for char in chars if char <= "\uffff")
    far = character_set(char for char in chars if char > "\uffff")
    return f"(?:[{near}]|(?=[\U00010000-\U0010ffff])[{far}])"


def _run_of(chars: str) -> str:
    near = character_set(char for char in chars if char <= "\uffff")
    far = character_set(char for char in chars if char > "\uffff")
    return f"[{near}]*+(?:(?=[\U00010000-\U0010ffff])[{far}][{near}]*+)*+"


_SPACELESS, _LETTERS, _MARKS = _classify()
_PART = _run_of(_LETTERS + _MARKS + _INVISIBLE)
_WORD = re.compile(
    f"({_one_of(_SPACELESS)}{_run_of(_SPACELESS + _INVISIBLE)})"
    f"|{_one_of(_LETTERS)}{_PART}(?:[{APOSTROPHES}](?={_one_of(_LETTERS)}){_PART})*+"
)
_LETTER_APOSTROPHE = "\u02bc"  # a letter to Unicode
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_POSSESSIVE = re.compile(f"[sS][{_INVISIBLE}]*\\Z")
_VOICING = "\u3099\u309a\uff9e\uff9f"  # combining and half-width sound marks stay with their kana
_UNIT = re.compile(f"[^{_VOICING}{_INVISIBLE}][{_VOICING}{_INVISIBLE}]*")
_NO_TOKEN = re.compile(f"[^{character_set(_SPACELESS + _LETTERS + _MARKS + JOINERS)}]+")

Span = tuple[int, int, str, str, bool]


class Token(NamedTuple):
    """One word of a text.

    ``start`` and ``end`` are offsets in the given text; ``key`` is the folded word, ``stem`` its folded Snowball stem
    (the key where the language has no stemmer); ``stop`` says that the word is too common to search for. Keys and
    stems contain no spaces, quotes or apostrophes and have at most ``MAX_TOKEN`` characters.
    """

    start: int
    end: int
    key: str
    stem: str
    stop: bool


def tokens(text: str, language: str) -> list[Token]:
    """Return the words of the text in order; ``language`` is a BCP 47 tag, of which the primary subtag counts."""
    return list(map(Token._make, spans(text, language)))


def stems(text: str, language: str) -> list[str]:
    """Return the stems of all words that are no stop words, or of all words if there are only stop words."""
    found = [(stem, stop) for _, _, _, stem, stop in spans(text, language)]
    return [stem for stem, stop in found if not stop] or [stem for stem, _ in found]


def keys(text: str, language: str) -> list[str]:
    """Return all words, folded and not stemmed."""
    return [key for _, _, key, _, _ in spans(text, language)]


def spans(text: str, language: str) -> Iterator[Span]:
    """Yield (start, end, key, stem, stop) of each word: ``tokens`` without the objects, for the hot loops."""
    language = primary(language)
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = match.group()
        if match.lastindex:
            yield from _pairs(word, start)
        elif word.isalnum() and _LETTER_APOSTROPHE not in word:
            key, stem, stop = _analyse(word, language)
            if key:
                yield start, end, key, stem, stop
        else:
            yield from _parts(word, start, language)


@lru_cache(maxsize=512)
def primary(language: str) -> str:
    """Return the primary subtag of a language tag in lower case: ``pt`` for ``pt-BR``."""
    return re.split("[-_]", language.strip(), maxsplit=1)[0].lower()


def _parts(word: str, start: int, language: str) -> Iterator[Span]:
    """Split a word with apostrophes after its elisions and before a possessive s."""
    elisions = _ELISIONS_OF.get(language, _ELISIONS)
    position = 0
    for mark in _APOSTROPHE.finditer(word):
        end, after = mark.span()
        if end - position <= _LONGEST_ELISION and fold(word[position:end]) in elisions:
            yield from _token(word[position:end], start + position, language, stop=True)
            position = after
        elif _POSSESSIVE.match(word, after):
            yield from _token(word[position:end], start + position, language)
            yield from _token(word[after:], start + after, language, stop=True)
            return
    yield from _token(word[position:], start + position, language)


def _token(word: str, start: int, language: str, stop: bool = False) -> Iterator[Span]:
    word = word.rstrip(_INVISIBLE)
    key, stem, is_stop = _analyse(word, language)
    if key:
        yield start, start + len(word), key, stem, stop or is_stop


def _pairs(run: str, start: int) -> Iterator[Span]:
    """Yield each pair of neighbouring characters, or the only character."""
    units = [(unit.start(), unit.start() + len(unit.group().rstrip(_INVISIBLE))) for unit in _UNIT.finditer(run)]
    for (first, _), (_, last) in zip(units, units[1:] or units, strict=False):
        if key := _token_text(run[first:last]):
            yield start + first, start + last, key, key, False


def _analyse(word: str, language: str) -> tuple[str, str, bool]:
    return _cached(word, language) if len(word) <= _CACHED_WORD else _uncached(word, language)


def _uncached(word: str, language: str) -> tuple[str, str, bool]:
    """Return key, stem and whether the word is a stop word; the key is empty if nothing searchable remains."""
    key = _token_text(word)
    stem = _token_text(_stem(word, language)) or key
    return key, stem, key in _STOP.get(language, _NO_STOP)


_cached = lru_cache(maxsize=2**17)(_uncached)


def _token_text(text: str) -> str:
    return _NO_TOKEN.sub("", fold(text[: 4 * MAX_TOKEN]))[:MAX_TOKEN]


_local = threading.local()


def _stem(word: str, language: str) -> str:
    """Return the Snowball stem with its accents: they decide which ending a French or Spanish word has."""
    if language not in _ALGORITHMS:
        return word
    # Stemmer objects must not be shared between threads.
    stemmers = _local.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        stemmers[language] = Stemmer.Stemmer(_ALGORITHMS[language], 0)
    word = word[: 2 * MAX_TOKEN]
    if not word.isascii():
        word = _APOSTROPHE.sub("'", drop_loose_joiners(normalize("NFC", word)))
        word = word.translate(_INVISIBLE_TABLE)
    if language == "tr":
        word = word.translate(_TURKISH_CASE)
    return stemmers[language].stemWord(word.lower())


_INVISIBLE_TABLE = dict.fromkeys(map(ord, IGNORABLE))
