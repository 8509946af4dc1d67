"""Databases of known sizes, built once and kept in `var/bench` until the code that makes their tokens changes.

The project's own content is in each of them, and as many generated resources as the size says.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.filling import SAVED
from tests.databases import digest, migrate

FOLDER = Path(__file__).resolve().parents[1] / "var" / "bench"
FILE = "gess.sqlite3"
ROWS = (
    "core/analysis.py", "core/folding.py", "core/stopwords.py", "sync/documents.py",
    "library/entries.py", "benchmarks/corpus.py", "benchmarks/filling.py",
)  # fmt: skip
BULK = ("benchmarks/bulk.py",)
Environment = dict[str, str]


def environment(folder: Path, url: str = "", engine_url: str = "") -> Environment:
    """Return the settings of a database of its own in `folder`, or at `url`."""
    return {
        "DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "REDIS_URL": "",
        "ELASTICSEARCH_URL": engine_url,
        "SECRET_KEY": "only-for-measuring",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "gess.settings.base",
    }


def version(size: int) -> str:
    """Return the hash of the code that makes the rows of a database of this size."""
    return digest(*ROWS, *(BULK if size > SAVED else ()))


def database(size: int) -> Path:
    """Return the folder of the file with `size` generated resources, built if it is not there, fit for this code."""
    wanted = FOLDER / f"{size}-{version(size)}"
    if not (wanted / FILE).exists():
        draft = FOLDER / f"draft-{size}-{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        if size:
            copy(0, draft)
        else:
            draft.mkdir(parents=True)
            migrate(environment(draft))
        fill(size, environment(draft))
        for old in FOLDER.glob(f"{size}-*"):
            shutil.rmtree(old)
        draft.rename(wanted)
    migrate(environment(wanted))  # later migrations and triggers
    return wanted


def copy(size: int, folder: Path) -> Path:
    """Copy a database of `size` to `folder` and return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(database(size) / FILE, folder / FILE)
    return folder / FILE


class Files:
    """Copies of databases of known sizes, each in a folder of its own below the run's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def copy(self, size: int, label: str) -> str:
        """Return the name of a new file with `size` generated resources."""
        return str(copy(size, self.folder / label))


def fill(size: int, env: Environment) -> None:
    """Fill a migrated database in a process of its own: this one keeps its settings."""
    command = [sys.executable, "-m", "benchmarks.filling", str(size)]
    subprocess.run(command, env={**os.environ, **env}, check=True)
