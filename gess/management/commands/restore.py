"""`manage.py restore FILE`: a site from its archive, proven equal before it takes its place."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from tqdm import tqdm

from gess.archives.contents import DATABASE, SECRET, ArchiveError, Manifest, migrations_of
from gess.archives.placing import (
    HALF_DONE,
    Site,
    finish,
    is_half_done,
    out_of_use,
    place,
    refuse_other_disks,
    workplace,
)
from gess.archives.reading import compare_rows, read_manifest, refuse_newer, unpack
from gess.archives.site import RESTORE, refuse_postgresql, site

SPARE = 100 * 2**20  # bytes that must stay free


class Command(BaseCommand):
    help = (
        "Restores a site from an archive that `backup` wrote, into an empty DATA_DIR, or with --replace in the place of"
        " the site that is there, which is kept in a folder beside it. Stop GESS first. The archive is unpacked,"
        " compared row by row with its manifest, migrated where this code is newer, indexed and checked; only then does"
        " it take its place. Exit code 0 means: content equal, search index without a difference."
    )
    requires_system_checks: list[str] = []  # a half-done restore, which --finish cures, fails them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path, nargs="?", metavar="FILE")
        parser.add_argument("--replace", action="store_true", help="in the place of the site that is there")
        parser.add_argument("--check", action="store_true", help="only prove that the archive could be restored")
        parser.add_argument("--finish", action="store_true", help="do the last step of a restore that was interrupted")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_postgresql(RESTORE)
        connections.close_all()
        here = site()
        try:
            if options["finish"]:
                self._finish(here)
            elif not options["archive"]:
                raise ArchiveError("Name the archive to restore.")
            else:
                self._restore(options["archive"], here, options["replace"], options["check"])
        except (ArchiveError, OSError) as error:
            raise CommandError(str(error)) from error

    def _finish(self, here: Site) -> None:
        with workplace(here.data), out_of_use(here.database):
            done = finish(here)
        self.stdout.write("The restored site is in its place." if done else "No restore was interrupted here.")

    def _restore(self, archive: Path, here: Site, replace: bool, only_check: bool) -> None:
        manifest = read_manifest(archive)
        refuse_newer(manifest)
        if is_half_done(here.data):
            raise ArchiveError(HALF_DONE)
        if not only_check:
            refuse_site(here, replace)
        with workplace(here.data) as folder:
            differences = self._prepare(archive, manifest, here, folder)
            if only_check:
                self.stdout.write("The archive is whole and can be restored.")
            else:
                aside = f"replaced-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
                if not here.is_there() and SECRET in manifest.files:
                    (here.data / SECRET).unlink(missing_ok=True)  # made when this command started
                with out_of_use(here.database):
                    place(here, folder, aside)
                self._tell(here, manifest, aside)
        if differences:
            raise CommandError(f"The content is equal, the search index is not:\n{differences}")

    def _prepare(self, archive: Path, manifest: Manifest, here: Site, folder: Path) -> str:
        """Unpack, prove, migrate and index in `folder`; return what differs in the index. The site is not touched."""
        free, needed = shutil.disk_usage(here.data).free, manifest.size + SPARE
        if free < needed:
            raise ArchiveError(f"{here.data} needs {needed // 2**20} MB free, and has {free // 2**20}.")
        with tqdm(total=manifest.size, unit="B", unit_scale=True, desc="unpack", leave=False, disable=None) as bar:
            unpack(archive, manifest, folder, bar.update)
        database = folder / here.database.name
        (folder / DATABASE).rename(database)
        count = compare_rows(database, manifest)
        self.stdout.write(f"Archive of {manifest.made_at}: {count:,} rows and {len(manifest.files):,} files are equal.")
        self._run(folder, "migrate", "--no-input", "--verbosity", "0")
        self._run(folder, "drain")
        added = len(migrations_of(database)) - len(manifest.migrations)
        if added:
            self.stdout.write(f"{added} migrations of this newer code were applied after the comparison.")
        else:
            compare_rows(database, manifest)
            self.stdout.write("The content is the same after migrating and indexing.")
        checked = self._call(folder, "search_check")
        self.stdout.write(checked.stdout.strip().rpartition("\n")[2])
        return "" if checked.returncode == 0 else (checked.stdout + checked.stderr).strip()

    def _run(self, folder: Path, *command: str) -> None:
        done = self._call(folder, *command)
        if done.returncode:
            raise ArchiveError(f"`{command[0]}` failed on the unpacked site, nothing was changed:\n{done.stderr}")

    def _call(self, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
        """Run one of our commands on the unpacked site, in a process that has only that one."""
        env = {**os.environ, "DATA_DIR": str(folder), "LOG_LEVEL": "WARNING"}
        arguments = [sys.executable, str(settings.BASE_DIR / "manage.py"), *command]
        return subprocess.run(arguments, env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)

    def _tell(self, here: Site, manifest: Manifest, aside: str) -> None:
        self.stdout.write(self.style.SUCCESS(f"The site of {manifest.made_at} is in {here.data}."))
        if (here.data / aside).exists():
            self.stdout.write(f"What was there is in {here.data / aside}: delete it when you do not need it any more.")
        if SECRET not in manifest.files:
            self.stdout.write("SECRET_KEY was not in the archive: set the same one, or everybody must log in anew.")


def refuse_site(here: Site, replace: bool) -> None:
    """Raise ArchiveError if there is a site and it may not be replaced, or if it is running."""
    refuse_other_disks(here)
    if here.is_there() and not replace:
        raise ArchiveError(f"There is a site in {here.data}: add --replace, which keeps it aside, or empty the folder.")
    with out_of_use(here.database):
        pass
