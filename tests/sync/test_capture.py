"""However content is written, the triggers hear it, and the index ends equal to the content."""

import io

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import connection, transaction

from library.models import Agent, Contribution, Resource
from sync import capture
from sync.models import Dirty, Document
from tests.sync.helpers import country, resource, theme, titles, unsaved

pytestmark = pytest.mark.django_db


def sql(statement: str, *parameters) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_bulk_create():
    Resource.objects.bulk_create([unsaved(1, "One"), unsaved(2, "Two")])
    assert titles() == {"One", "Two"}


def test_bulk_create_that_updates_on_conflict():
    Resource.objects.bulk_create([unsaved(1, "One")])
    titles()
    again = unsaved(1, "One, second form")
    Resource.objects.bulk_create([again], update_conflicts=True, unique_fields=["number"], update_fields=["title"])
    assert titles() == {"One, second form"}


def test_queryset_update():
    resource("Before")
    titles()
    Resource.objects.update(title="After")
    assert titles() == {"After"}
    Resource.objects.update(live=False)
    assert titles() == set()


def test_raw_sql():
    resource("Before")
    titles()
    sql("UPDATE library_resource SET title = 'After'")
    assert titles() == {"After"}


def test_delete_and_queryset_delete():
    first = resource("First")
    resource("Second")
    titles()
    first.delete()
    assert titles() == {"Second"}
    Resource.objects.all().delete()
    assert titles() == set()
    assert Document.objects.filter(kind="resource", gone=True).count() == 6  # three audiences each: tombstones stay


def test_loaddata(tmp_path):
    row = resource("Loaded")
    fixture = tmp_path / "rows.json"
    fixture.write_text(serializers.serialize("json", [row.work, row]), encoding="utf-8")
    work = row.work
    row.delete()
    work.delete()
    assert titles() == set()
    call_command("loaddata", str(fixture), verbosity=0)
    assert titles() == {"Loaded"}


def test_many_to_many_rows():
    row, senegal = resource("Study"), country()
    titles()
    row.countries.through.objects.create(resource=row, country=senegal)
    titles()
    assert Document.objects.get(id=f"public:resource:{row.pk}:en").countries == ["SEN"]
    row.countries.through.objects.all().delete()
    titles()
    assert Document.objects.get(id=f"public:resource:{row.pk}:en").countries == []


def test_a_part_that_moves_to_another_owner_touches_both():
    agent = Agent.objects.create(kind="person", name="Diop, A.")
    first, second = resource("First"), resource("Second")
    part = Contribution.objects.create(resource=first, agent=agent, role="author", sort_order=0)
    titles()
    Contribution.objects.filter(pk=part.pk).update(resource=second)
    titles()
    text = dict(Document.objects.filter(audience="public", kind="resource").values_list("title", "text"))
    assert "Diop" not in text["First"] and "Diop" in text["Second"]


def test_a_renamed_agent_reaches_all_its_resources():
    agent = Agent.objects.create(kind="organisation", name="Old office")
    for title in ("First", "Second"):
        Contribution.objects.create(resource=resource(title), agent=agent, role="issuer", sort_order=0)
    titles()
    Agent.objects.update(name="New office")
    titles()
    texts = Document.objects.filter(audience="public", kind="resource").values_list("text", flat=True)
    assert all("New office" in text for text in texts)


def test_a_moved_theme_reaches_the_resources_of_its_descendants():
    root, other, child, leaf = theme("root"), theme("other"), None, None
    child = theme("child", root)
    leaf = theme("leaf", child)
    row = resource("Study")
    row.themes.through.objects.create(resource=row, theme=leaf)
    titles()
    document = Document.objects.get(id=f"public:resource:{row.pk}:en")
    assert document.themes == ["leaf", "child", "root"]
    child.parent = other
    child.save()
    titles()
    document.refresh_from_db()
    assert document.themes == ["leaf", "child", "other"]


def test_a_rolled_back_write_leaves_nothing():
    titles()
    with pytest.raises(RuntimeError), transaction.atomic():
        resource("Phantom")
        raise RuntimeError
    assert not Dirty.objects.exists()
    assert titles() == set()


def test_an_update_that_changes_no_watched_column_is_not_heard():
    senegal = country()
    row = resource("Study")
    row.countries.through.objects.create(resource=row, country=senegal)
    titles()
    type(senegal).objects.update(income_group="lower-middle")
    assert not Dirty.objects.filter(key__startswith="resource:").exists()


def test_a_missing_trigger_is_reported_and_migrate_puts_it_back():
    name, table = sorted(capture.installed_triggers(connection).items())[0]
    sql(f"DROP TRIGGER {name}" + (f' ON "{table}"' if connection.vendor == "postgresql" else ""))
    assert capture.difference(connection) == ({name}, set())
    out = io.StringIO()
    call_command("check", databases=["default"], stderr=out)
    assert "1 missing" in out.getvalue()
    call_command("migrate", verbosity=0)
    assert capture.difference(connection) == (set(), set())


def test_without_its_triggers_the_check_finds_what_was_missed():
    """The negative control: these tests would see a trigger that does nothing."""
    resource("Heard")
    titles()
    capture.remove(connection)
    resource("Unheard")
    with pytest.raises(AssertionError, match="missing"):
        titles()
    capture.install(connection)
