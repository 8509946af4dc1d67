"""The order of terms, by the rules of their own language, the same on every database.

Letters decide first, accents and capitals only between words of the same letters. In Spanish ñ is a letter after n
(Unicode CLDR's tailoring). Keys are hexadecimal: no collation of a database has an opinion of its own on those.
"""

from core.folding import fold, normalize

LETTERS_COMPARED = 100
DIGITS = "0–9"
_AFTER_N = "n\x7f"  # behind every n followed by another letter, before o
_END = b"\x00"


def sort_key(text: str, language: str) -> str:
    """Return a text of hexadecimal digits that sorts as `text` does in `language`."""
    text = normalize("NFC", text)
    letters = " ".join("".join(_base(char, language) if char.isalnum() else " " for char in text).split())
    parts = (letters[:LETTERS_COMPARED], text.casefold()[:LETTERS_COMPARED], text.swapcase()[:LETTERS_COMPARED])
    return _END.join(part.encode() for part in parts).hex()


def initial(text: str, language: str) -> str:
    """Return the letter under which `text` stands: "Ñ" only in Spanish, one heading for all digits, else the base."""
    first = next((char for char in normalize("NFC", text) if char.isalnum()), "")
    base = _base(first, language)
    if base == _AFTER_N:
        return "Ñ"
    return DIGITS if base[:1].isdigit() else base[:1].upper()


def _base(char: str, language: str) -> str:
    return _AFTER_N if char in "ñÑ" and char and language.startswith("es") else fold(char)
