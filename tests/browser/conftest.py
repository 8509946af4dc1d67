"""A real browser on a real server with some content."""

import csv
import re
import shutil
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from sync.drain import drain
from tests.services import find

RESOURCES = 60
ARGUMENTS = [
    "--no-sandbox",  # Chromium refuses to run as root otherwise, as which CI runs
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a browser sees does not depend on the database behind it: once is enough."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.embedded)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = find("chromium")
    if program is None:
        pytest.fail("Chromium is missing: python -m tests.services install")
    with pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread; Django would take its own calls for asynchronous ones.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
            yield chromium
            chromium.close()


@pytest.fixture(scope="package")
def content(browser, django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """Load everything but most resources; every test starts from there."""
    folder = tmp_path_factory.mktemp("content") / "content"
    shutil.copytree(settings.CONTENT_DIR, folder)
    shorten(folder)
    with django_db_blocker.unblock():
        call_command("load_content", folder=folder, stdout=StringIO())
        drain()
        django_db_setup.keep()
    yield
    with django_db_blocker.unblock():
        django_db_setup.create()


def shorten(folder: Path) -> None:
    """Keep the first resources and those that other files name, and of the works those that they are editions of."""
    named = names_of_resources(folder)
    kept = rewrite(
        folder / "resources.csv",
        lambda rows: rows[:RESOURCES] + [row for row in rows[RESOURCES:] if row["id"] in named],
    )
    numbers = {row["id"] for row in kept}
    rewrite(folder / "works.csv", lambda rows: [row for row in rows if row["resource"] in numbers])


def names_of_resources(folder: Path) -> set[str]:
    """Return the ids that texts cite (`[[resource:343]]`) and tables hold (`b0343`)."""
    found: set[str] = set()
    for path in folder.rglob("*.*"):
        if path.name not in ("resources.csv", "works.csv"):
            text = path.read_text(encoding="utf-8")
            found.update(f"b{int(number):04}" for number in re.findall(r"resource:(\d+)", text))
            found.update(re.findall(r"\bb\d{4}\b", text))
    return found


def rewrite(path: Path, choose: Callable[[list[dict]], list[dict]]) -> list[dict]:
    """Leave the chosen rows in a CSV file, and return them. A record may span lines."""
    with path.open(newline="") as file:
        reader = csv.DictReader(file)
        rows = choose(list(reader))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames)
        writer.writeheader()
        writer.writerows(rows)
    return rows


class Watch:
    """What a page complained about: script errors, refused or missing files, policy violations, foreign hosts."""

    def __init__(self, page: Page, home: str) -> None:
        self.home = home
        self.complaints: list[str] = []
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        page.on("request", self.on_request)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def on_request(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:")):
            self.complaints.append(f"asks another host: {request.url}")


@pytest.fixture
def open_page(browser, content, live_server):
    """Give a function that opens an address in a new window and returns page, answer and complaints."""
    contexts = []

    def run(path: str, width: int = 1280, status: int = 200, **options) -> tuple[Page, Watch]:
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        watch = Watch(page, live_server.url)
        answer = page.goto(live_server.url + path, wait_until="load")
        assert answer.status == status, f"{path} answers {answer.status}"
        return page, watch

    yield run
    for context in contexts:
        context.close()


def assert_accessible(page: Page) -> None:
    """Fail with what axe found: rule, and the elements that break it."""
    found = Axe().run(page).response["violations"]
    told = [f"{rule['id']}: {rule['help']}: {[node['html'][:200] for node in rule['nodes']]}" for rule in found]
    assert not told, "\n".join(told)


def assert_fits(page: Page, width: int) -> None:
    """Fail if anything makes the page scroll sideways at this width."""
    page.set_viewport_size({"width": width, "height": 900})
    wide = page.evaluate(
        """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
        [...document.querySelectorAll('body *')]
            .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
            .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert not wide, f"wider than {width} pixels: {wide[:5]}"
