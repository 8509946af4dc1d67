"""Every type of page: accessible, quiet, light, and as wide as the screen."""

import gzip
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from playwright.sync_api import expect

from experts.models import ExpertProfile
from glossary.models import Concept
from library.models import Agent, Resource
from qa.models import Question
from tests.browser.conftest import assert_accessible, assert_fits
from tests.conftest import client_of
from tests.factories import UserFactory

PAGES = {
    "home": "/en/",
    "home in French": "/fr/",
    "search": "/en/search/?q=social+protection",
    "search without hits": "/en/search/?q=xyzzyplugh",
    "search in a country, corrected": "/en/search/?q=maternti+protction&country=SEN",
    "similar": "/en/search/similar/resource/{pk}/",
    "library": "/en/library/",
    "resource": "/en/library/{resource}/",
    "agents": "/en/library/agents/",
    "agent": "/en/library/agents/{agent}/",
    "countries": "/en/countries/",
    "countries by region": "/en/countries/?view=region",
    "country": "/en/countries/ken/",
    "country without page": "/en/countries/{unwritten}/",
    "themes": "/en/themes/",
    "theme": "/en/themes/maternity/",
    "glossary": "/en/glossary/",
    "term": "{term}",
    "experts": "/en/experts/",
    "expert": "{expert}",
    "questions": "/en/questions/",
    "question": "{question}",
    "ask": "/en/questions/ask/",
    "contact": "/en/contact/",
    "about": "/en/about/what-gess-is/",
    "components": "/en/components/",
    "log in": "/accounts/login/",
    "sign up": "/accounts/signup/",
    "report": "/en/report/?about=resource:{pk}",
    "not found": "/en/nothing-is-here/",
}
LIGHT = 25 * 1024  # bytes of a first view: HTML, style and script together, compressed


def address(name: str) -> str:
    resource = Resource.objects.first()
    agent = Agent.objects.filter(contributions__isnull=False).first()
    about = Resource.objects.filter(countries__pages__isnull=True, countries__isnull=False).first()
    unwritten = about.countries.filter(pages__isnull=True).first().iso3.lower()
    return PAGES[name].format(
        resource=resource.number,
        pk=resource.pk,
        agent=agent.pk,
        unwritten=unwritten,
        **{
            kind: first_of(model)
            for kind, model in {"term": Concept, "expert": ExpertProfile, "question": Question}.items()
        },
    )


def first_of(model: type) -> str:
    """Return the address of the first row that everybody may see."""
    return model.objects.visible_to(AnonymousUser()).order_by("pk").first().get_absolute_url()


@pytest.fixture
def reader(content, live_server):
    """Give a function that returns how a browser must start to see a page: as an editor, where nobody else may."""

    def options(name: str) -> dict:
        if name != "components":
            return {}
        session = client_of(UserFactory(groups=["Editors"])).cookies[settings.SESSION_COOKIE_NAME]
        cookie = {
            "name": session.key,
            "value": session.value,
            "domain": urlsplit(live_server.url).hostname,
            "path": "/",
        }
        return {"storage_state": {"cookies": [cookie], "origins": []}}

    return options


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_page(open_page, reader, name, width):
    status = 404 if name == "not found" else 200
    page, watch = open_page(address(name), width, status, **reader(name))
    assert_accessible(page)
    assert_fits(page, width)
    assert_fits(page, 320)
    complaints = [text for text in watch.complaints if not (status == 404 and "404" in text)]
    assert not complaints


@pytest.mark.parametrize("name", PAGES)
def test_the_first_view_is_light(open_page, live_server, reader, name):
    page, _ = open_page("/robots.txt", **reader(name))
    sizes = {}

    def weigh(answer):
        if answer.request.resource_type in ("document", "stylesheet", "script"):
            sizes[answer.url] = len(gzip.compress(answer.body()))

    page.on("response", weigh)
    page.goto(live_server.url + address(name), wait_until="networkidle")
    assert len(sizes) >= 2, "the page and its style sheet at least"
    assert sum(sizes.values()) <= LIGHT, sizes


def test_a_term_tells_what_it_means_to_the_keyboard(open_page):
    page, watch = open_page("/en/countries/ken/")
    box, link = page.locator("#pop"), page.locator("a.term:focus")
    for _ in range(80):
        page.keyboard.press("Tab")
        if link.count():
            break
    expect(link).to_be_visible()
    expect(box).to_contain_text("Full entry")
    expect(link).to_have_attribute("aria-describedby", "pop")
    assert_accessible(page)
    page.keyboard.press("Tab")
    expect(box.get_by_role("link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(link).to_be_visible()
    assert not watch.complaints


def test_the_watch_sees_what_it_should(open_page):
    page, watch = open_page("/en/")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('img'), {src: 'http://127.0.0.1:9/x.png'}))"
    )
    page.evaluate("document.body.setAttribute('style', 'margin-left: 2000px')")
    page.wait_for_timeout(200)
    assert any("Content Security Policy" in text for text in watch.complaints)


def test_axe_and_width_see_what_they_should(open_page):
    page, _ = open_page("/en/")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(page)
    page.evaluate("document.querySelector('main').style.width = '3000px'")
    with pytest.raises(AssertionError, match="wider than 390 pixels"):
        assert_fits(page, 390)
