"""The image and `compose.yaml`: read here, since no container engine is needed for the tests."""

import importlib.util
import json
import re
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from tests.databases import ROOT
from tests.services import ELASTIC_VERSION

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("gess:")}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
EXAMPLE = (ROOT / "compose.env.example").read_text()


def declared() -> set[str]:
    """Return the settings that the head of the settings module reads from the environment."""
    head = (ROOT / "gess/settings/base.py").read_text().partition("# --- Applications")[0]
    return set(re.findall(r'env\.\w+\("([A-Z_]+)"', head))


def test_what_runs_is_what_operating_needs():
    others = {"database", "redis", "elasticsearch"}
    assert set(SERVICES) == others | {"migrate", "content", "web", "worker", "beat"}
    assert set(OURS) == set(SERVICES) - others


@pytest.mark.parametrize(
    "image",
    [SERVICES[name]["image"] for name in ("database", "redis", "elasticsearch")]
    + re.findall(r"^FROM (\S+)", DOCKERFILE, re.M),
)
def test_images_of_others_are_pinned_to_a_version(image):
    tag = image.partition(":")[2]
    assert re.match(r"\d+", tag), f"{image} is not pinned"


@pytest.mark.parametrize("name", OURS)
def test_commands_exist(name):
    program, *arguments = OURS[name]["command"]
    if program == "python":
        assert arguments[0] == "manage.py" and (ROOT / "manage.py").exists()
        assert arguments[1] in get_commands()
    else:
        assert (Path(sys.executable).parent / program).exists()
        assert "gess.wsgi" in arguments or arguments[:2] == ["--app", "gess"]


def test_the_images_own_command_exists():
    command = yaml.safe_load(re.findall(r"^CMD (.+)$", DOCKERFILE, re.M)[-1])
    assert command[:2] == ["python", "manage.py"] and command[2] in get_commands()


@pytest.mark.parametrize("name", OURS)
def test_settings_are_known_and_complete(name):
    given = OURS[name]["environment"]
    assert set(given) <= declared()
    assert given["DATABASE_URL"].startswith("postgresql://") and "@database/" in given["DATABASE_URL"]
    assert given["REDIS_URL"].startswith("redis://redis:")
    assert given["ELASTICSEARCH_URL"] == "http://elasticsearch:9200" and given["ELASTICSEARCH_USER"] == "elastic"


def test_secrets_are_asked_for_and_not_kept_here():
    text = (ROOT / "compose.yaml").read_text()
    required = set(re.findall(r"\$\{(\w+):\?", text))
    assert required == {"POSTGRES_PASSWORD", "ELASTICSEARCH_PASSWORD", "SECRET_KEY"}
    named = set(re.findall(r"\$\{(\w+):", text))
    assert set(re.findall(r"^(\w+)=", EXAMPLE, re.M)) | {"LOG_LEVEL"} == named
    assert all(re.search(rf"^{name}=$", EXAMPLE, re.M) for name in required)
    assert "/.env" in (ROOT / ".gitignore").read_text().split()


def test_nothing_is_served_before_the_database_is_ready():
    for name in ("content", "web", "worker", "beat"):
        assert OURS[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert OURS["migrate"]["depends_on"]["database"] == {"condition": "service_healthy"}
    assert {name for name in OURS if OURS[name]["restart"] == "no"} == {"migrate", "content"}
    assert "healthcheck" in SERVICES["database"] and "healthcheck" in SERVICES["redis"]


def test_the_web_server_is_asked_whether_it_serves_and_nobody_else_is():
    probe = ["python", "-m", "gess.probe"]
    assert OURS["web"]["healthcheck"]["test"] == ["CMD", *probe] and f"CMD {json.dumps(probe)}" in DOCKERFILE
    assert all(OURS[name]["healthcheck"] == {"disable": True} for name in set(OURS) - {"web"})
    assert importlib.util.find_spec("gess.probe")
    command = OURS["web"]["command"]
    assert importlib.util.find_spec(command[command.index("--config") + 1].removeprefix("python:"))


def test_the_search_engine_is_of_the_tested_version_and_asks_for_its_password():
    service = SERVICES["elasticsearch"]
    assert service["image"] == f"elasticsearch:{ELASTIC_VERSION}"
    assert service["environment"]["xpack.security.enabled"] == "true" and "ports" not in service
    shared = "${ELASTICSEARCH_PASSWORD:?set ELASTICSEARCH_PASSWORD in .env}"
    assert service["environment"]["ELASTIC_PASSWORD"] == OURS["web"]["environment"]["ELASTICSEARCH_PASSWORD"] == shared


def test_redis_keeps_messages_and_everything_is_kept():
    command = " ".join(SERVICES["redis"]["command"])
    assert "--maxmemory-policy noeviction" in command and "--appendonly yes" in command
    mounted = {volume.partition(":")[0] for service in SERVICES.values() for volume in service["volumes"]}
    assert mounted == set(COMPOSE["volumes"])


def test_the_image_installs_by_hash_and_does_not_run_as_root():
    assert "--require-hashes" in DOCKERFILE
    steps = re.findall(r"^(FROM|ENV|RUN|COPY|USER|CMD) ?(.*)$", DOCKERFILE, re.M)
    assert [what for step, what in steps if step == "USER"] == ["gess"]
    environment = re.search(r"^ENV (?:.*\\\n)*.*$", DOCKERFILE, re.M)[0]
    assert "STATIC_ROOT=/srv/static" in environment and "SECRET_KEY" not in environment
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", "var", ".venv"} <= set(ignored)
    copied = [line.split()[0] for step, line in steps if step == "COPY"]
    assert all((ROOT / path).exists() for path in copied if path != ".")
