"""An archive holds a site as it was at one moment, and comes back whole or not at all."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import zipfile
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from gess.archives import placing
from gess.archives.contents import ArchiveError, content_hash, tables_of
from gess.archives.placing import Site
from gess.archives.reading import read_manifest
from tests.databases import ROOT, sqlite_template

pytestmark = pytest.mark.embedded
MISS = "INSERT INTO search_miss (text, language, count, first_on, last_on) VALUES (?, ?, 1, '2026-01-01', '2026-01-01')"


def new_site(folder, words=("pensions",)) -> Site:
    """Make a site with some rows and one file, and return where it is."""
    site = Site(folder, folder / "gess.sqlite3", folder / "media")
    (site.media / "documents").mkdir(parents=True)
    (site.media / "documents" / "study.pdf").write_bytes(os.urandom(70_000))
    (folder / "secret_key").write_text(f"secret of {folder}")
    shutil.copyfile(sqlite_template(), site.database)
    with closing(sqlite3.connect(site.database)) as database:
        database.executemany(MISS, [(word, "en") for word in words])
        database.commit()
    return site


def words(site: Site) -> set[str]:
    with closing(sqlite3.connect(site.database)) as database:
        return {word for (word,) in database.execute("SELECT text FROM search_miss")}


def state(site: Site) -> tuple:
    """Return all that a restore may change."""
    files = {str(p.relative_to(site.media)): p.read_bytes() for p in site.media.rglob("*") if p.is_file()}
    return content_hash(tables_of(site.database)), files, (site.data / "secret_key").read_text()


def run(data, *arguments, **environment):
    env = {**os.environ, "DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "gess.settings.base", **environment}
    env.pop("SECRET_KEY")  # the kept one is meant
    return subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, capture_output=True, text=True)


@pytest.fixture
def here(tmp_path, monkeypatch, django_db_setup) -> Site:
    """A site for the commands of this process."""
    (tmp_path / "site").mkdir()
    site = new_site(tmp_path / "site")
    for command in ("backup", "restore"):
        monkeypatch.setattr(f"gess.management.commands.{command}.site", lambda: site)
    return site


@pytest.fixture
def archive(here, tmp_path):
    target = tmp_path / "kept.zip"
    call_command("backup", str(target), verbosity=0)
    return target


def rewritten(archive, change):
    """Write the archive anew with its files as `change` returns them; return its path."""
    with zipfile.ZipFile(archive) as source:
        files = {name: source.read(name) for name in source.namelist()}
    target = archive.with_name("changed.zip")
    with zipfile.ZipFile(target, "w") as sink:
        for name, data in change(files).items():
            sink.writestr(name, data)
    return target


def refused(here, archive, match, **options):
    """The command refuses, says why, and leaves the site and its folder as they were."""
    before, listed = state(here), sorted(path.name for path in here.data.iterdir())
    with pytest.raises(CommandError, match=match):
        call_command("restore", str(archive), **{"replace": True, **options})
    assert state(here) == before
    assert {path.name for path in here.data.iterdir()} <= {*listed, "archive.lock"}


def test_an_archive_is_private_whole_and_never_written_over(here, archive):
    assert archive.stat().st_mode & 0o777 == 0o600
    manifest = read_manifest(archive)
    assert set(manifest.files) == {"database.sqlite3", "media/documents/study.pdf", "secret_key"}
    assert manifest.tables == tables_of(here.database) and manifest.tables["search_miss"].rows == 1
    assert not {"sync_state", "sync_document", "search_public_data"} & set(manifest.tables), "derived from the rest"
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", str(archive))
    with pytest.raises(CommandError, match="no folder .* create it first"):
        call_command("backup", str(archive.parent / "none" / "a.zip"))


def test_one_changed_value_changes_the_hash(here):
    before = tables_of(here.database)
    with closing(sqlite3.connect(here.database)) as database:
        database.execute("UPDATE search_miss SET count = 2")
        database.commit()
    after = tables_of(here.database)
    assert [name for name in before if before[name] != after[name]] == ["search_miss"]
    assert content_hash(before) != content_hash(after)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.97, 0.9999])
def test_half_an_archive_is_refused(here, archive, share):
    data = archive.read_bytes()
    archive.write_bytes(data[: int(len(data) * share)])
    refused(here, archive, "no archive, or not a whole one")


def test_an_archive_of_others_is_refused(here, tmp_path):
    foreign = tmp_path / "foreign.zip"
    with zipfile.ZipFile(foreign, "w") as sink:
        sink.writestr("readme.txt", "hello")
    refused(here, foreign, "no backup of GESS")
    refused(here, tmp_path / "none.zip", "No such file")


def test_a_flipped_byte_is_found(here, archive):
    with zipfile.ZipFile(archive) as opened:
        info = opened.getinfo("media/documents/study.pdf")
    data = bytearray(archive.read_bytes())
    data[info.header_offset + 5000] ^= 1
    archive.write_bytes(data)
    refused(here, archive, "study.pdf in the archive is damaged")


def test_a_file_put_in_the_place_of_another_is_found(here, archive):
    changed = rewritten(archive, lambda files: {**files, "media/documents/study.pdf": b"x" * 70_000})
    refused(here, changed, "study.pdf in the archive is not what was put there")


def test_rows_that_were_changed_are_found_though_the_files_hash_was_too(here, archive, tmp_path):
    def change(files):
        database = tmp_path / "changed.sqlite3"
        database.write_bytes(files["database.sqlite3"])
        with closing(sqlite3.connect(database)) as opened:
            opened.execute("UPDATE search_miss SET text = 'forged'")
            opened.commit()
        manifest = json.loads(files["manifest.json"])
        told = subprocess.run(["sha256sum", database], capture_output=True, text=True).stdout.split()[0]
        manifest["files"]["database.sqlite3"] = {"size": database.stat().st_size, "sha256": told}
        return {**files, "database.sqlite3": database.read_bytes(), "manifest.json": json.dumps(manifest)}

    refused(here, rewritten(archive, change), "tables that differ: search_miss")


def with_manifest(archive, **values):
    def change(files):
        return {**files, "manifest.json": json.dumps({**json.loads(files["manifest.json"]), **values})}

    return rewritten(archive, change)


def test_a_manifest_that_was_changed_or_is_another_one_is_refused(here, archive):
    refused(here, with_manifest(archive, tables={}), "contradicts itself")
    refused(here, with_manifest(archive, format=2), "has format 2, this code reads 1")
    refused(here, with_manifest(archive, files=None), "manifest.json cannot be read")
    refused(here, rewritten(archive, lambda files: {**files, "media/more.pdf": b"x"}), "does not hold what")


@pytest.mark.parametrize("name", ["media/../../evil", "/etc/evil", "media//evil", "gess.sqlite3-wal"])
def test_names_that_lead_elsewhere_are_refused(here, archive, name):
    manifest = json.loads(zipfile.ZipFile(archive).read("manifest.json"))
    files = {**manifest["files"], name: {"size": 1, "sha256": ""}}
    changed = rewritten(with_manifest(archive, files=files), lambda kept: {**kept, name: b"x"})
    refused(here, changed, "is no file of GESS")


def test_a_newer_database_is_refused_with_what_is_unknown(here, archive):
    newer = with_manifest(archive, migrations=[["library", "9999_future"], ["sync", "0001_initial"]])
    refused(here, newer, "comes from a newer GESS .*library.9999_future.* Restore it with that code")


def test_a_site_is_not_replaced_unasked_nor_while_it_runs(here, archive):
    refused(here, archive, "add --replace", replace=False)
    with closing(sqlite3.connect(here.database)) as running:
        running.execute("PRAGMA journal_mode = WAL")
        running.execute("SELECT count(*) FROM search_miss").fetchone()
        refused(here, archive, "is in use .* stop GESS first")


def test_one_at_a_time(here, archive, tmp_path):
    with placing.workplace(here.data):
        for command in (("backup", str(tmp_path / "other.zip")), ("restore", str(archive), "--replace")):
            with pytest.raises(CommandError, match="Another backup or restore is running"):
                call_command(*command)


@override_settings(DATABASE_URL="postgresql://gess:secret@host/gess")
@pytest.mark.parametrize(("command", "tool"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_a_server_has_tools_of_its_own(command, tool):
    with pytest.raises(CommandError, match=tool) as refusal:
        call_command(command, "gess.zip")
    assert "docs/operate.md" in str(refusal.value) and "secret@" not in str(refusal.value)


WRITE = "INSERT INTO search_miss (text, language, count, first_on, last_on) VALUES (?, 'en', 1, '2026-01-01', ?)"


def writer(site: Site, stop: threading.Event) -> None:
    """Upload and delete, as editors do: the file first, then its two rows in one transaction; and the reverse."""
    with closing(sqlite3.connect(site.database, timeout=20, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        number = 0
        while not stop.is_set():
            number += 1
            (site.media / f"{number}.txt").write_text(str(number))
            database.execute("BEGIN IMMEDIATE")
            for half in ("first", "second"):
                database.execute(WRITE, (f"{half} {number}", "2026-01-01"))
            database.execute("COMMIT")
            if number > 50:
                database.execute("DELETE FROM search_miss WHERE text LIKE ?", (f"% {number - 50}",))
                (site.media / f"{number - 50}.txt").unlink()


def test_a_backup_of_a_site_that_is_written_to_comes_back_as_of_one_moment(tmp_path, django_db_setup):
    """The whole way, in processes of their own: backup under writes, restore into an empty folder, equality."""
    for name in ("site", "kept"):
        (tmp_path / name).mkdir()
    site, stop = new_site(tmp_path / "site"), threading.Event()
    thread = threading.Thread(target=writer, args=(site, stop))
    thread.start()
    try:
        done = run(site.data, "backup", str(tmp_path / "kept"))
    finally:
        stop.set()
        thread.join()
    assert done.returncode == 0, done.stderr
    (archive,) = (tmp_path / "kept").iterdir()
    done = run(tmp_path / "new", "restore", str(archive))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The content is the same after migrating and indexing." in done.stdout and "0 differences" in done.stdout
    new = Site(tmp_path / "new", tmp_path / "new" / "gess.sqlite3", tmp_path / "new" / "media")
    numbers = [word.split()[1] for word in words(new) if " " in word]
    assert len(numbers) > 40 and all(numbers.count(number) == 2 for number in numbers), "no half transaction"
    assert all((new.media / f"{number}.txt").read_text() == number for number in numbers), "no row without its file"
    assert (new.data / "secret_key").read_text() == (site.data / "secret_key").read_text()
    assert tables_of(new.database) == read_manifest(archive).tables
    assert not list(new.data.glob("archive-*")) and not list(new.data.glob("replaced-*"))


def test_an_older_archive_is_migrated_and_what_it_replaces_is_kept(tmp_path, django_db_setup):
    for name in ("old", "site"):
        (tmp_path / name).mkdir()
    old, site = new_site(tmp_path / "old", ["archived"]), new_site(tmp_path / "site", ["present"])
    assert run(old.data, "migrate", "sync", "0005").returncode == 0
    assert run(old.data, "backup", str(tmp_path / "old.zip")).returncode == 0
    before = state(site)
    done = run(site.data, "restore", str(tmp_path / "old.zip"), "--replace")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 migrations of this newer code were applied" in done.stdout
    assert words(site) == {"archived"} and state(site)[1] == state(old)[1]
    (aside,) = site.data.glob("replaced-*")
    assert state(Site(aside, aside / "gess.sqlite3", aside / "media")) == before


KILLED = """
import os, signal, sys
import gess.archives.placing as placing
from pathlib import Path
moves, real = int(sys.argv[1]), os.rename
def rename(*names):
    global moves
    if moves == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    moves -= 1
    real(*names)
os.rename = rename
data = Path(sys.argv[2])
site = placing.Site(data, data / "gess.sqlite3", data / "media")
placing.place(site, data / "archive-new", "replaced-1")
"""
NAMES = ("gess.sqlite3", "media/file", "secret_key")


def small(folder, text):
    (folder / "media").mkdir(parents=True)
    for name in NAMES:
        (folder / name).write_text(text)


@pytest.mark.parametrize("moves", range(9))
def test_a_kill_between_two_moves_leaves_the_old_site_or_one_step_to_the_new(tmp_path, moves):
    data = tmp_path / "site"
    small(data, "old")
    small(data / "archive-new", "new")
    (data / "gess.sqlite3-wal").write_text("old")
    done = subprocess.run([sys.executable, "-c", KILLED, str(moves), str(data)], cwd=ROOT, capture_output=True)
    assert done.returncode == (0 if moves == 8 else -signal.SIGKILL), done.stderr
    site = Site(data, data / "gess.sqlite3", data / "media")
    assert placing.is_half_done(data) is (0 < moves < 8)
    told = placing.finish(site)
    assert told is (0 < moves < 8) and not placing.is_half_done(data)
    text = "old" if moves == 0 else "new"
    assert {(data / name).read_text() for name in NAMES} == {text}
    if moves:
        assert {(data / "replaced-1" / name).read_text() for name in (*NAMES, "gess.sqlite3-wal")} == {"old"}
        assert not (data / "archive-new").exists() and not (data / "gess.sqlite3-wal").exists()


STOPPED = """
import os, signal, sys
import django; django.setup()
from django.core.management import call_command
from gess.management.commands.restore import Command
Command._call = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)
call_command("restore", sys.argv[1], replace=True)
"""


def test_a_kill_before_the_moves_leaves_the_old_site_and_the_next_run_cleans_up(here, archive, tmp_path):
    with closing(sqlite3.connect(here.database)) as database:
        database.execute(MISS, ("later", "en"))
        database.commit()
    before = state(here)
    env = {**os.environ, "DATA_DIR": str(here.data), "DJANGO_SETTINGS_MODULE": "gess.settings.base"}
    done = subprocess.run([sys.executable, "-c", STOPPED, str(archive)], cwd=ROOT, env=env, capture_output=True)
    assert done.returncode == -signal.SIGKILL and list(here.data.glob("archive-*/"))
    assert state(here) == before and not placing.is_half_done(here.data)
    call_command("backup", str(tmp_path / "next.zip"))
    assert not list(here.data.glob("archive-*/"))


def test_nothing_runs_on_a_site_in_pieces(here, archive, tmp_path, settings):
    (here.data / placing.JOURNAL).write_text(json.dumps({"staged": "archive-1", "aside": "replaced-1"}))
    refused(here, archive, "run `manage.py restore --finish`")
    done = run(here.data, "check")
    assert done.returncode == 1 and "restore --finish" in done.stderr
    settings.DATA_DIR = here.data
    from gess.health import refuse_unfit_start

    with pytest.raises(Exception, match="restore --finish"):
        refuse_unfit_start()


def test_a_damaged_database_is_said_to_be_so_and_can_be_replaced(here, archive):
    with here.database.open("r+b") as file:
        file.write(b"no database at all")
    with pytest.raises(CommandError, match="cannot be copied: file is not a database"):
        call_command("backup", str(archive.with_name("bad.zip")))
    with pytest.raises(ArchiveError):
        tables_of(here.database)
    with placing.out_of_use(here.database):
        pass
