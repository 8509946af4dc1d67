"""The guides say what is true: names of settings and commands, addresses, links."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.databases import ROOT
from tests.gess.test_compose import declared
from tests.library.factories import resource

GUIDES = sorted((ROOT / "docs").glob("*.md"))
NAMES = [path.name for path in GUIDES]


def text(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


def test_the_table_of_settings_is_the_head_of_the_settings():
    section = text("operate.md").partition("## Settings")[2].partition("\n## ")[0]
    told = re.findall(r"^\| `([A-Z_]+)` \|", section, re.M)
    assert sorted(told) == sorted(declared())


def test_the_readme_names_every_guide():
    readme = (ROOT / "README.md").read_text()
    assert NAMES == ["answer.md", "api.md", "edit.md", "operate.md", "read.md"]
    assert all(f"(docs/{name})" in readme for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_files_and_headings(name):
    for target in re.findall(r"\]\(([^)]+)\)", text(name)):
        path, _, anchor = target.partition("#")
        file: Path = ROOT / "docs" / path if path else ROOT / "docs" / name
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text(), re.M)
            assert anchor in {heading.lower().replace(" ", "-") for heading in headings}, target


@pytest.mark.parametrize("name", NAMES)
def test_commands_exist(name):
    for command in re.findall(r"manage\.py ([a-z_]+)", text(name)):
        assert command in get_commands(), command


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["api.md", "read.md"])
def test_addresses_answer(client, drained, name):
    """Those of lists, the search, feeds and descriptions; single entries depend on the content."""
    resource("Pensions")
    drained()
    paths = re.findall(r"(?:`|localhost:8000)(/(?:api|en|fr|sitemap)[^\s`'\"]*)", text(name))
    general = [path for path in dict.fromkeys(paths) if not re.search(r"/(\d+|[A-Z]{3}|maternity)/$", path)]
    assert len(general) > 5
    for path in general:
        expected = {400} if "nonsense" in path else {200}
        if path != "/api/v1/":
            assert client.get(path).status_code in expected, path


@pytest.mark.django_db
def test_the_fields_of_a_resource_are_those_told(client, drained):
    made = resource("Pensions")
    drained()
    told = text("api.md").partition("## One resource")[2]
    fields = re.findall(r'^  "(\w+)":', told, re.M)
    assert fields == list(client.get(f"/api/v1/resources/{made.number}/").json())
