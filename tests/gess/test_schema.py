"""The description of the API: complete, valid OpenAPI 3, and of our own addresses alone."""

import pytest
import yaml
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def test_the_schema_is_valid_without_a_warning(tmp_path, capsys):
    file = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))
    assert "Warning" not in capsys.readouterr().err
    paths = yaml.safe_load(file.read_text(encoding="utf-8"))["paths"]
    assert all(path.startswith("/api/v1/") for path in paths)
    kinds = {path.split("/")[3] for path in paths}
    assert {"resources", "terms", "countries", "themes", "experts", "questions", "search"} <= kinds
    written = {path for path, methods in paths.items() if set(methods) - {"get", "parameters"}}
    assert written == {"/api/v1/questions/"}, "the rest only reads"


def test_the_documentation_and_the_schema_are_served(client):
    assert client.get("/api/v1/docs/").status_code == 200
    response = client.get("/api/v1/schema/")
    assert response.status_code == 200 and b"/api/v1/themes/{slug}/" in response.content


def test_the_root_of_the_api_lists_what_there_is(client):
    listed = client.get("/api/v1/").json()
    assert {"resources", "terms", "countries", "themes", "experts", "questions"} <= set(listed)
    assert all(client.get(address).status_code == 200 for address in listed.values())
