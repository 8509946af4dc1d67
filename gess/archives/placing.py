"""Putting an unpacked site in the place of another one, so that a kill at any moment leaves a whole one.

What moves is noted first. Until then the old site stands untouched; from then on the moves are finished by
`manage.py restore --finish`, and nothing starts before.
"""

import fcntl
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from gess.archives.contents import ArchiveError

JOURNAL = "restore.json"
HALF_DONE = "A restore was interrupted while it moved the site: run `manage.py restore --finish`."
PREFIX = "archive-"  # of the folders that making and restoring work in


@dataclass(frozen=True)
class Site:
    """Where a site keeps what an archive holds."""

    data: Path
    database: Path  # both inside `data`
    media: Path

    def is_there(self) -> bool:
        return self.database.exists() or (self.media.is_dir() and any(self.media.iterdir()))

    def names(self) -> list[str]:
        """Return the names in `data` of what moves; the database comes last, with what SQLite keeps beside it."""
        database = self.database.name
        return [self.media.name, "secret_key", f"{database}-wal", f"{database}-shm", database]


@contextmanager
def workplace(data: Path) -> Iterator[Path]:
    """Give a new folder on the disk of the site, removed at the end, and what a kill left behind with it.

    Raises ArchiveError while another process makes or restores an archive.
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / "archive.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ArchiveError("Another backup or restore is running here: wait until it has ended.") from None
        if not (data / JOURNAL).exists():
            for left in data.glob(f"{PREFIX}*/"):
                shutil.rmtree(left)
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=data))
        try:
            yield folder
        finally:
            if not (data / JOURNAL).exists():
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def out_of_use(database: Path) -> Iterator[None]:
    """Hold a database that nobody else has open, its log written back. Raises ArchiveError if somebody has."""
    if not database.exists():
        yield
        return
    with closing(sqlite3.connect(database, timeout=1, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise ArchiveError(f"{database} is in use ({error}): stop GESS first.") from error
        except sqlite3.DatabaseError:
            pass  # damaged: a reason to restore, none to refuse
        yield


def refuse_other_disks(site: Site) -> None:
    """Raise ArchiveError where moving is no matter of a moment: part of the site is a disk of its own."""
    for path in (site.database, site.media):
        if path.parent != site.data:
            raise ArchiveError(f"{path} is not in {site.data}: this command restores sites that are in one folder.")
        if path.exists() and (os.path.ismount(path) or path.stat().st_dev != site.data.stat().st_dev):
            raise ArchiveError(f"{path} is a disk of its own: mount the whole of {site.data} as one, then restore.")


def place(site: Site, staged: Path, aside: str) -> None:
    """Put what is in `staged` in the place of the site, which moves into the folder `aside` beside it."""
    refuse_other_disks(site)
    os.sync()  # after a power cut too, what the note names is there
    draft = site.data / f"{JOURNAL}.new"
    draft.write_text(json.dumps({"staged": staged.name, "aside": aside}))
    with draft.open() as file:
        os.fsync(file.fileno())
    os.rename(draft, site.data / JOURNAL)
    finish(site)


def finish(site: Site) -> bool:
    """Do what is left of the moves that were noted; False if none were. Can be killed and repeated."""
    journal = site.data / JOURNAL
    if not journal.exists():
        return False
    noted = json.loads(journal.read_text())
    staged, aside = site.data / noted["staged"], site.data / noted["aside"]
    aside.mkdir(exist_ok=True)
    for name in site.names():
        _move(site.data / name, staged / name, aside / name, stays=(staged / site.database.name).exists())
    os.sync()
    journal.unlink()
    shutil.rmtree(staged)
    if not any(aside.iterdir()):
        aside.rmdir()
    return True


def _move(here: Path, new: Path, old: Path, stays: bool) -> None:
    """Let `new` take the place of `here`. What SQLite keeps beside a database goes with it and has nothing new."""
    beside = here.name.endswith(("-wal", "-shm"))
    if (new.exists() or (beside and stays)) and here.exists():
        os.rename(here, old)
    if new.exists() and not beside:
        os.rename(new, here)


def is_half_done(data: Path) -> bool:
    """Say whether a restore was interrupted while it moved the site."""
    return (data / JOURNAL).exists()
