"""`manage.py backup FILE|FOLDER`: the whole site in one file, while it runs."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from gess.archives.contents import SECRET, ArchiveError, content_hash
from gess.archives.making import collect, write
from gess.archives.placing import Site, workplace
from gess.archives.site import BACKUP, refuse_postgresql, site


class Command(BaseCommand):
    help = (
        "Writes database, uploaded files and the kept secret into one archive, as they are at one moment, while the"
        " site goes on. Whoever reads it can read everything: keep it safe. `restore` puts it back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", type=Path, metavar="FILE|FOLDER", help="in a folder it is named after the moment")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_postgresql(BACKUP)
        try:
            self._backup(site(), file_of(options["target"]))
        except (ArchiveError, OSError) as error:
            raise CommandError(str(error)) from error

    def _backup(self, place: Site, target: Path) -> None:
        if not place.database.exists():
            raise ArchiveError(f"There is no site in {place.data}: nothing to back up.")
        with workplace(place.data) as folder:
            manifest = collect(place.data, place.database, place.media, folder)
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            if shutil.disk_usage(target.parent).free < size:
                raise ArchiveError(f"{target.parent} has no room for {size // 2**20 + 1} MB: choose another disk.")
            with tqdm(total=size, unit="B", unit_scale=True, desc="backup", leave=False, disable=None) as bar:
                write(folder, manifest, target, bar.update)
        rows = sum(table.rows for table in manifest.tables.values())
        self.stdout.write(
            f"{target}: {rows:,} rows of {len(manifest.tables)} tables, {len(manifest.files):,} files,"
            f" {target.stat().st_size / 2**20:.1f} MB. Content: {content_hash(manifest.tables)[:16]}"
        )
        if SECRET not in manifest.files:
            self.stdout.write("SECRET_KEY comes from the environment and is not in the archive: keep it too.")


def file_of(target: Path) -> Path:
    """Return the archive's file: that one, or one named after the moment in that folder."""
    if target.is_dir():
        target = target / f"gess-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip"
    if not target.parent.is_dir():
        raise CommandError(f"There is no folder {target.parent}: create it first.")
    if target.exists():
        raise CommandError(f"{target} is there already: name another file, or a folder.")
    return target.resolve()
