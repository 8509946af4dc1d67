"""The faults that belong to the usual tests: played once, on one set of servers, before the first of these tests."""

import json
import os
import subprocess
import sys

import pytest

from tests.databases import ROOT
from tests.faults import catalogue
from tests.faults.report import story

SECONDS = "8"
pytestmark = [
    pytest.mark.embedded,  # it starts servers of its own, whatever the environment offers
    pytest.mark.skipif("PYTEST_XDIST_WORKER" in os.environ, reason="played once: run `pytest tests/faults`"),
]
PLAYED = [(fault.number, way) for fault in catalogue.FAULTS for way in fault.short]


@pytest.fixture(scope="session")
def verdicts(tmp_path_factory) -> dict[tuple[int, str], dict]:
    """Play them; each is told on the terminal as it ends."""
    file = tmp_path_factory.mktemp("faults") / "verdicts.json"
    command = [sys.executable, "-m", "tests.faults", "--short", "--seconds", SECONDS, "--json", str(file)]
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(command, cwd=ROOT, env=env, check=False)
    assert file.exists(), f"the run broke off with exit code {done.returncode}: see above"
    return {(each["number"], each["way"]): each for each in json.loads(file.read_text())}


@pytest.mark.parametrize(("number", "way"), sorted(PLAYED))
def test_all_invariants_hold(verdicts, number, way):
    verdict = verdicts[number, way]
    assert verdict["good"], story(verdict)
