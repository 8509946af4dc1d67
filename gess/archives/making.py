"""Writing an archive of a site that goes on running."""

import errno
import hashlib
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from platform import python_version

import django
import wagtail

from gess.archives.contents import (
    DATABASE,
    MANIFEST,
    MEDIA,
    SECRET,
    ArchiveError,
    File,
    Manifest,
    Progress,
    migrations_of,
    tables_of,
)  # fmt: skip

CHUNK = 2**20
NO_LINKS = {errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.EACCES}


def collect(data: Path, database: Path, media: Path, folder: Path) -> Manifest:
    """Fill `folder` with the site as it is at one moment, and return what there is.

    The database is copied inside one read transaction. Files are linked before and after, so whatever a row of the copy
    names is there, though it be deleted from the site meanwhile.
    """
    _link_tree(media, folder / MEDIA)
    _snapshot(database, folder / DATABASE)
    _link_tree(media, folder / MEDIA)
    if (data / SECRET).exists():
        shutil.copy(data / SECRET, folder / SECRET)
    return Manifest(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        versions={
            "python": python_version(),
            "django": django.__version__,
            "wagtail": wagtail.__version__,
            "sqlite": sqlite3.sqlite_version,
        },
        migrations=migrations_of(folder / DATABASE),
        tables=tables_of(folder / DATABASE),
    )


def write(folder: Path, manifest: Manifest, target: Path, progress: Progress) -> None:
    """Write the archive; it appears under its name when it is whole, readable by its owner alone.

    Raises ArchiveError if there is something of that name already.
    """
    if target.exists():
        raise ArchiveError(f"{target} is there already: name another file.")
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with draft.open("xb") as file:
            draft.chmod(0o600)
            with zipfile.ZipFile(file, "w") as archive:
                for path in _files(folder):
                    manifest.files[str(path.relative_to(folder))] = _add(archive, path, folder, progress)
                archive.writestr(MANIFEST, manifest.dumps(), zipfile.ZIP_DEFLATED)
            file.flush()
            os.fsync(file.fileno())
        os.rename(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def _add(archive: zipfile.ZipFile, path: Path, folder: Path, progress: Progress) -> File:
    """Add one file. Uploads are pictures and documents, which do not shrink; rows do."""
    info = zipfile.ZipInfo.from_file(path, path.relative_to(folder), strict_timestamps=False)
    info.compress_type = zipfile.ZIP_DEFLATED if path.name == DATABASE else zipfile.ZIP_STORED
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as sink:
        while chunk := source.read(CHUNK):
            sink.write(chunk)
            digest.update(chunk)
            size += len(chunk)
            progress(len(chunk))
    return File(size, digest.hexdigest())


def _snapshot(database: Path, target: Path) -> None:
    with closing(sqlite3.connect(database, timeout=20)) as source, closing(sqlite3.connect(target)) as copy:
        try:
            source.backup(copy)
        except sqlite3.DatabaseError as error:
            raise ArchiveError(f"{database} cannot be copied: {error}.") from error
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it


def _link_tree(source: Path, target: Path) -> None:
    """Link all files below `source` that are not at `target` yet; copy where the file system cannot link."""
    target.mkdir(exist_ok=True)
    for path in _files(source):
        copy = target / path.relative_to(source)
        if copy.exists():
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, copy)
        except FileNotFoundError:
            continue  # deleted since it was listed
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            shutil.copyfile(path, copy)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path
