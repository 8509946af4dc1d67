"""Rules of the code that no linter knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
APPS = sorted(file.parent.name for file in ROOT.glob("*/apps.py"))
FILES = sorted(file for app in APPS for file in (ROOT / app).rglob("*.py"))
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def test_the_apps_are_found():
    assert {"gess", "core", "sync"} <= set(APPS)


def hidden_imports(tree: ast.AST, allowed: str = "") -> Iterator[str]:
    """Yield the imports of our own packages that stand inside functions, except in the function `allowed`."""
    for function in ast.walk(tree):
        if isinstance(function, FUNCTIONS) and function.name != allowed:
            for node in ast.walk(function):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom):
                    names = ["." * node.level + (node.module or "")]
                for name in names:
                    if name.startswith(".") or name.split(".")[0] in APPS:
                        yield f"line {node.lineno}: {name}"


def sent_at_once(tree: ast.AST) -> Iterator[str]:
    """Yield the calls that hand a task to Celery by `.delay()`: they run before the transaction's commit."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "delay":
            yield f"line {node.lineno}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_rules(file):
    tree = ast.parse(file.read_text())
    # An AppConfig is imported before models may be; `ready` is where it may reach for them.
    assert not list(hidden_imports(tree, allowed="ready" if file.name == "apps.py" else ""))
    assert not list(sent_at_once(tree))
    assert len(file.read_text().splitlines()) < 400 or "migrations" in file.parts


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def view():\n    from sync import drain", ["line 2: sync"]),
        ("class A:\n    async def b(self):\n        import core.text as t", ["line 3: core.text"]),
        ("def view():\n    from . import models", ["line 2: ."]),
        ("def ready():\n    from sync import drain", []),
        ("def view():\n    import rdflib", []),
        ("from sync import drain", []),
    ],
)
def test_hidden_imports_are_seen(code, found):
    assert list(hidden_imports(ast.parse(code), allowed="ready")) == found


def test_bare_delay_is_seen():
    assert list(sent_at_once(ast.parse("task.delay(1)"))) == ["line 1"]
    assert not list(sent_at_once(ast.parse("transaction.on_commit(task)")))


@pytest.mark.django_db
def test_the_database_has_the_declared_triggers():
    call_command("check", databases=["default"], fail_level="WARNING")
