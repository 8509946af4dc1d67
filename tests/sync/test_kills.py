"""Processes killed at the worst moments: nothing is lost, nothing is doubled."""

import csv
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection

from library.models import Resource
from sync.models import Document
from tests.databases import ROOT
from tests.sync.helpers import resource, titles

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 120
DIE = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"


def environment() -> dict[str, str]:
    """Return the environment of a process that works on this test's database."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "gess.settings.base",
        "DATA_DIR": str(settings.DATA_DIR),
        "LOG_LEVEL": "ERROR",
    }


def manage(*arguments: str) -> subprocess.Popen:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.Popen(
        command, env=environment(), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def run(*arguments: str, expect: int = 0) -> None:
    process = manage(*arguments)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == expect, errors


def python(code: str, expect: int = 0) -> None:
    run("shell", "--no-imports", "--command", code, expect=expect)


@pytest.fixture
def content(tmp_path):
    """A folder with all taxonomy and some of the resources."""
    for name in ("themes.csv", "countries.csv"):
        (tmp_path / name).write_bytes((settings.CONTENT_DIR / name).read_bytes())
    with (settings.CONTENT_DIR / "resources.csv").open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        rows = [row for row, _ in zip(reader, range(ROWS), strict=False)]
    with (tmp_path / "resources.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, reader.fieldnames)
        writer.writeheader()
        writer.writerows(rows)
    (tmp_path / "works.csv").write_text("work,resource\n", encoding="utf-8")
    return tmp_path


def test_load_content_killed_again_and_again_ends_complete_and_without_doubles(content):
    load = ("load_content", "--folder", str(content), "--only", "themes", "countries", "resources")
    moments = random.Random(7)
    counts = [0]
    for _ in range(4):
        process = manage(*load)
        goal = counts[-1] + moments.randint(5, 30)
        deadline = time.monotonic() + 60
        while process.poll() is None and Resource.objects.count() < goal and time.monotonic() < deadline:
            time.sleep(0.02)
            connection.close()
        process.send_signal(signal.SIGKILL)
        process.communicate()
        counts.append(Resource.objects.count())
    assert 0 < counts[-1] < ROWS, "the kills must have come in the middle"
    assert counts == sorted(counts)
    run(*load)
    assert sorted(Resource.objects.values_list("number", flat=True)) == list(range(1, ROWS + 1))
    assert len(titles()) > 0
    families = Document.objects.filter(audience="public", kind="resource", gone=False)
    assert families.count() == ROWS


def test_a_process_killed_after_its_commit_leaves_the_change_to_the_next_reader():
    titles()
    python(
        "from library.models import Resource;"
        f"Resource.objects.create(title='Left behind', language='en', type='report', live=True); {DIE}",
        expect=-signal.SIGKILL,
    )
    connection.close()
    assert Document.objects.filter(title="Left behind").count() == 0
    assert titles() == {"Left behind"}


@pytest.mark.parametrize("step", ["_claim", "_write_documents", "mark"])
def test_a_projection_killed_in_its_transaction_is_done_again_whole(step):
    titles()
    resource("Study")
    code = (
        "from sync import projection\n"
        f"real = projection.{step}\n"
        "def killed(*arguments):\n"
        "    real(*arguments)\n"
        f"    {DIE}\n"
        f"projection.{step} = killed\n"
        "from sync.drain import drain\n"
        "drain()\n"
    )
    python(code, expect=-signal.SIGKILL)
    connection.close()
    assert Document.objects.filter(title="Study").count() == 0
    assert titles() == {"Study"}
    assert Document.objects.filter(title="Study", gone=False).count() == 3
