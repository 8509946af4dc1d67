"""Checking an archive and unpacking it. Nothing of it is believed before it is compared."""

import hashlib
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from django.db.migrations.loader import MigrationLoader

from gess.archives.contents import (
    DATABASE,
    MANIFEST,
    MEDIA,
    SECRET,
    ArchiveError,
    Manifest,
    Progress,
    Table,
    tables_of,
)  # fmt: skip

CHUNK = 2**20
LARGEST_MANIFEST = 256 * 2**20


def read_manifest(path: Path) -> Manifest:
    """Return what the archive says it holds. Raises ArchiveError if it is no archive of ours, or not a whole one."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
                raise ArchiveError(f"{path.name} is no backup of GESS: its {MANIFEST} is far too large.")
            manifest = Manifest.loads(archive.read(MANIFEST).decode())
            present = {name for name in archive.namelist() if name != MANIFEST}
    except (zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError) as error:
        raise ArchiveError(f"{path.name} is no archive, or not a whole one ({error}): use another archive.") from error
    except KeyError as error:
        raise ArchiveError(f"{path.name} is no backup of GESS: it has no {MANIFEST}.") from error
    _check_names(manifest, present)
    return manifest


def _check_names(manifest: Manifest, present: set[str]) -> None:
    told = set(manifest.files)
    if told != present or DATABASE not in told:
        different = ", ".join(sorted(told ^ present)[:3]) or DATABASE
        raise ArchiveError(f"The archive does not hold what its {MANIFEST} says: {different}. Use another archive.")
    for name in told - {DATABASE, SECRET}:
        parts = PurePosixPath(name).parts
        if not name.startswith(MEDIA) or ".." in parts or "\\" in name or str(PurePosixPath(name)) != name:
            raise ArchiveError(f"The archive holds {name!r}, which is no file of GESS: use another archive.")


def refuse_newer(manifest: Manifest) -> None:
    """Raise ArchiveError if the archive's database was made by newer code than this."""
    known = set(MigrationLoader(None).disk_migrations)
    for migration in MigrationLoader(None).disk_migrations.values():
        known.update(migration.replaces)
    newer = sorted({(app, name) for app, name in manifest.migrations} - known)
    if newer:
        told = ", ".join(f"{app}.{name}" for app, name in newer[:3])
        raise ArchiveError(
            f"The archive comes from a newer GESS ({len(newer)} migrations that this code does not know: {told})."
            " Restore it with that code, or a later one."
        )


def unpack(path: Path, manifest: Manifest, folder: Path, progress: Progress) -> None:
    """Write all files into `folder` and compare each with the manifest. Raises ArchiveError where one differs."""
    with zipfile.ZipFile(path) as archive:
        for name, file in manifest.files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            digest, left = hashlib.sha256(), file.size
            try:
                with archive.open(name) as source, target.open("xb") as sink:
                    while left >= 0 and (chunk := source.read(CHUNK)):
                        sink.write(chunk)
                        digest.update(chunk)
                        left -= len(chunk)
                        progress(len(chunk))
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
                raise ArchiveError(f"{name} in the archive is damaged ({error}): use another archive.") from error
            if left or digest.hexdigest() != file.sha256:
                raise ArchiveError(f"{name} in the archive is not what was put there: use another archive.")
    (folder / MEDIA).mkdir(exist_ok=True)
    if SECRET in manifest.files:
        (folder / SECRET).chmod(0o600)


def compare_rows(database: Path, manifest: Manifest) -> int:
    """Return how many rows were compared. Raises ArchiveError unless they equal those of the manifest."""
    found = tables_of(database)
    different = sorted(differing(found, manifest.tables))
    if different:
        told = ", ".join(different[:5])
        raise ArchiveError(f"The database is not the one that was backed up; tables that differ: {told}.")
    return sum(table.rows for table in found.values())


def differing(first: dict[str, Table], second: dict[str, Table]) -> Iterable[str]:
    """Yield the names of the tables that are not the same in both."""
    yield from (name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
