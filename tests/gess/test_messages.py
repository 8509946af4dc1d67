import gettext
import os

import pytest

from gess.messages import compile_messages

FRENCH = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Search"
msgstr "Recherche"

#, fuzzy
msgid "Library"
msgstr "Librairie"

#, python-format
msgid "%(n)s page"
msgid_plural "%(n)s pages"
msgstr[0] "%(n)s page trouvée"
msgstr[1] "%(n)s pages trouvées"
"""


@pytest.fixture
def source(tmp_path):
    file = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True)
    file.write_text(FRENCH)
    return file


def test_translations_are_compiled_as_gettext_reads_them(source, tmp_path):
    assert compile_messages([tmp_path]) == [source.with_suffix(".mo")]
    with source.with_suffix(".mo").open("rb") as file:
        french = gettext.GNUTranslations(file)
    assert french.gettext("Search") == "Recherche"
    assert french.gettext("Library") == "Library", "fuzzy translations are unchecked guesses"
    assert french.ngettext("%(n)s page", "%(n)s pages", 2) == "%(n)s pages trouvées"
    assert sorted(file.name for file in source.parent.iterdir()) == ["django.mo", "django.po"]


def test_only_what_is_older_than_its_source_is_compiled(source, tmp_path):
    compile_messages([tmp_path])
    assert compile_messages([tmp_path]) == []
    compiled = source.with_suffix(".mo").stat().st_mtime
    os.utime(source, (compiled + 5, compiled + 5))
    assert compile_messages([tmp_path]) == [source.with_suffix(".mo")]


@pytest.mark.parametrize(
    ("addition", "reason"),
    [
        (b"\nmsgit 'Open'\n", r"django\.po, line 18: Unknown"),
        (b'\nmsgid "Open"\nmsgid "Closed"\nmsgstr "x"\n', r"django\.po, line \d+: missing msgstr"),
        (b'\nmsgid "Coffee"\nmsgstr "caf\xe9"\n', r"django\.po: 'utf-8' codec"),
    ],
)
def test_a_broken_file_is_named(source, tmp_path, addition, reason):
    source.write_bytes(FRENCH.encode() + addition)
    with pytest.raises(ValueError, match=reason):
        compile_messages([tmp_path])
    assert not source.with_suffix(".mo").exists()
