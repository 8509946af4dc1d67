"""`manage.py load_content`: the content files into the database."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import autodiscover_modules
from tqdm import tqdm

from core.loading import load, loaders


class Command(BaseCommand):
    help = (
        "Loads the content files. Can be run again at any time: rows that were edited or deleted here since are left"
        " alone and listed, and nothing is deleted because it is absent from the files."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.CONTENT_DIR, help="default: content/")
        parser.add_argument("--only", nargs="*", metavar="NAME", help="load only these (countries, themes, ...)")

    def handle(self, *args: Any, **options: Any) -> None:
        autodiscover_modules("content")
        chosen = self._chosen(options["only"])
        problems = 0
        for loader in chosen:
            report = load(loader, options["folder"], self._bar(loader.name))
            counts = ", ".join(f"{count:,} {outcome}" for outcome, count in report.counts.items()) or "nothing"
            self.stdout.write(f"{loader.name}: {counts}")
            for difference in report.differences:
                self.stdout.write(f"  {difference}")
            for problem in report.problems:
                self.stderr.write(self.style.ERROR(f"  {problem}"))
            problems += len(report.problems)
        if problems:
            raise CommandError(
                f"{problems} rows or files could not be loaded; the rest was. Correct them and run again."
            )

    def _chosen(self, names: list[str] | None) -> list:
        known = {loader.name: loader for loader in loaders()}
        unknown = [name for name in names or [] if name not in known]
        if unknown:
            raise CommandError(f"Unknown: {', '.join(unknown)}. There are: {', '.join(known)}.")
        return [loader for loader in known.values() if not names or loader.name in names]

    def _bar(self, name: str):
        return lambda rows: tqdm(rows, desc=name, unit=" rows", leave=False, disable=None)
