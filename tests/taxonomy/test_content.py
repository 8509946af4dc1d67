"""`load_content` on themes and countries: idempotent, row by row, never over what people changed."""

import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from core.models import LoadedRow
from taxonomy.models import Country, Theme

pytestmark = pytest.mark.django_db

THEMES = """slug,parent,name_en,name_fr,name_es
branches,,Branches,Branches,Ramas
maternity,branches,Maternity,Maternité,Maternidad
"""
COUNTRIES = """iso3,iso2,name_en,name_fr,name_es,region,income_group
SEN,SN,Senegal,Sénégal,Senegal,africa,lower-middle
KEN,KE,Kenya,Kenya,Kenia,africa,lower-middle
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "themes.csv").write_text(THEMES, encoding="utf-8")
    (tmp_path / "countries.csv").write_text(COUNTRIES, encoding="utf-8")
    return tmp_path


def load(folder: Path, fails: bool = False) -> str:
    """Run the command and return all that it said."""
    out = io.StringIO()
    arguments = {"folder": folder, "only": ["themes", "countries"], "stdout": out, "stderr": out}
    if fails:
        with pytest.raises(CommandError, match="could not be loaded"):
            call_command("load_content", **arguments)
    else:
        call_command("load_content", **arguments)
    return out.getvalue()


def change(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_second_run_changes_nothing(folder):
    assert "themes: 2 new" in load(folder) and Theme.objects.get(slug="maternity").parent.slug == "branches"
    before = list(Country.objects.values()), list(LoadedRow.objects.values())
    assert "countries: 2 same" in load(folder)
    assert (list(Country.objects.values()), list(LoadedRow.objects.values())) == before


def test_a_row_changed_in_the_file_is_updated_where_nobody_edited_it(folder):
    load(folder)
    change(folder, "countries.csv", "Sénégal", "Le Sénégal")
    assert "1 updated" in load(folder)
    assert Country.objects.get(iso3="SEN").name_fr == "Le Sénégal"


def test_a_row_edited_here_is_kept_and_the_difference_told(folder):
    load(folder)
    Country.objects.filter(iso3="SEN").update(name_fr="Edited")
    change(folder, "countries.csv", "Sénégal", "Le Sénégal")
    said = load(folder)
    assert "countries SEN: edited here, kept; differs from the file in name_fr" in said
    assert Country.objects.get(iso3="SEN").name_fr == "Edited"


def test_a_row_deleted_here_is_not_brought_back(folder):
    load(folder)
    Country.objects.filter(iso3="KEN").delete()
    assert "1 deleted here" in load(folder)
    change(folder, "countries.csv", "Kenia", "Kenya")
    assert "countries KEN: deleted here, the file's new row was not loaded" in load(folder)
    assert not Country.objects.filter(iso3="KEN").exists()


def test_nothing_is_deleted_by_absence(folder):
    load(folder)
    change(folder, "countries.csv", "KEN,KE,Kenya,Kenya,Kenia,africa,lower-middle\n", "")
    load(folder)
    assert Country.objects.filter(iso3="KEN").exists()


def test_what_was_made_here_before_is_not_overwritten(folder):
    Country.objects.create(iso3="SEN", iso2="SN", name_en="Own", name_fr="Own", name_es="Own")
    assert "countries SEN: edited here, kept" in load(folder)
    assert Country.objects.get(iso3="SEN").name_en == "Own"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("countries.csv", "SEN,SN", "sen,SN", "countries.csv, line 2: iso3: Write the code as three capital letters"),
        ("countries.csv", "KEN,KE", "SEN,KE", "countries.csv, line 3: 'SEN' stands in line 2 already"),
        ("countries.csv", "africa,lower-middle\nKEN", "mars,low\nKEN", "line 2: region 'mars' is unknown: use one of"),
        ("countries.csv", ",lower-middle\nKEN", ",lower-middle,more\nKEN", "line 2: the row needs 7 fields"),
        ("countries.csv", "KEN,KE", "KEN,SN", "countries.csv, line 3: iso2: Country with this"),
        ("countries.csv", "Kenya,Kenya", ",Kenya", "countries.csv, line 3: name_en: This field cannot be blank"),
        ("themes.csv", "maternity,branches", "maternity,nothing", "line 3: parent 'nothing' is no theme"),
        ("themes.csv", "maternity,branches", "a b,branches", "themes.csv, line 3: slug: Enter a valid"),
        ("themes.csv", "maternity,branches", ",branches", "themes.csv, line 3: slug is empty"),
    ],
)
def test_a_bad_row_is_told_by_file_line_and_reason_and_the_others_are_loaded(folder, file, old, new, said):
    change(folder, file, old, new)
    assert said in load(folder, fails=True)
    assert Country.objects.count() + Theme.objects.count() == 3


def test_a_file_without_a_column_or_in_another_encoding_is_refused_whole(folder):
    change(folder, "countries.csv", "iso3,iso2", "code,iso2")
    assert "countries.csv, line 1: column missing: iso3" in load(folder, fails=True)
    (folder / "countries.csv").write_bytes(COUNTRIES.encode("cp1252"))
    assert "countries.csv, line 2: not UTF-8" in load(folder, fails=True)
    (folder / "countries.csv").unlink()
    assert "countries.csv, line 0: the file is missing" in load(folder, fails=True)
    assert Country.objects.count() == 0 and Theme.objects.count() == 2


def test_a_byte_order_mark_and_line_ends_of_other_systems_do_no_harm(folder):
    (folder / "countries.csv").write_bytes(COUNTRIES.replace("\n", "\r\n").encode("utf-8-sig"))
    assert "countries: 2 new" in load(folder)


def test_only_known_kinds_can_be_chosen(folder):
    with pytest.raises(CommandError, match="Unknown: nothing. There are: themes"):
        call_command("load_content", folder=folder, only=["nothing"])


def test_the_theme_tree_has_no_loop_and_no_fifth_level():
    rows = []
    for level in range(5):
        names = dict.fromkeys(("name_en", "name_fr", "name_es"), f"Level {level}")
        rows.append(Theme(slug=f"level-{level}", parent=rows[-1] if rows else None, **names))
        if level < 4:
            rows[-1].full_clean()
            rows[-1].save()
    with pytest.raises(ValidationError, match="at most 4 levels"):
        rows[4].full_clean()
    rows[0].parent = rows[2]
    with pytest.raises(ValidationError, match="below itself"):
        rows[0].full_clean()
