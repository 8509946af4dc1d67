"""What people come for, from end to end: reading on from an answer, asking, answering, publishing, editing."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect

from gess.management.commands.demo_accounts import DEMO_ACCOUNTS
from library.models import Resource
from notifications.sending import send_pending
from qa.models import Question

MEMBER, EXPERT, EDITOR = "member@example.org", "expert@example.org", "editor@example.org"
QUESTION = "How can market traders of Cotonou join the health insurance scheme?"
BACKGROUND = "Adjoa Quenum of the traders' union asks. Health insurance for informal workers is what we want."
ANSWER = "Affiliate whole households through their [[term:49|mutual societies]], as [[country:GHA|Ghana]] shows."
REDACTED = "How can market traders join a national health insurance scheme?"
PUBLISHED = re.compile(r"/(\w+)/questions/(\d+)/")


@pytest.fixture
def people(content, db, settings) -> None:
    settings.DEMO = True
    call_command("demo_accounts", verbosity=0)


@pytest.fixture
def sign_in(people, open_page, live_server) -> Callable[[str, str], Page]:
    """Give a function that signs a demo account in by the form, in a window of its own, and goes on to a page."""

    def run(email: str, path: str) -> Page:
        page, _ = open_page(f"/accounts/login/?next={path}")
        fill_in_login(page, email)
        expect(page).to_have_url(live_server.url + path)
        return page

    return run


def fill_in_login(page: Page, email: str) -> None:
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(DEMO_ACCOUNTS[email][0])
    page.locator("main form button[type=submit]").click()


def main_links(page: Page, path: str) -> Locator:
    """Return the links of the page's own part to addresses that contain `path`."""
    return page.locator(f"main a[href*='{path}']")


def follow(link: Locator, url: str) -> None:
    """Follow a link, and read where it leads."""
    page = link.page
    link.click()
    expect(page).to_have_url(re.compile(url))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def search(page: Page, words: str) -> Locator:
    """Search from the box of the page's head; return the titles found."""
    box = page.locator("input[name=q]").first  # a search box, or a combo box once the script runs
    box.fill(words)
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?"))
    return page.locator("main .results h3 a")


def write_question(page: Page, **fields: str) -> None:
    """Fill in the form of asking, for the members' eyes unless told otherwise."""
    given = {"title": QUESTION, "body": BACKGROUND, **fields}
    for name, text in given.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=theme]").select_option("health-insurance")
    page.locator("[name=country]").select_option("BEN")


def send(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


# --- Reading on ------------------------------------------------------------------------------------------------------
def test_from_a_question_over_term_country_and_expert_back_to_it(open_page, live_server):
    page, watch = open_page("/fr/")
    titles = search(page, "assurance maladie secteur informel")
    first = [titles.nth(place).get_attribute("href") for place in range(3)]
    assert "/fr/questions/1/" in first
    follow(titles.nth(first.index("/fr/questions/1/")), r"/fr/questions/1/$")
    follow(page.locator("article .prose").get_by_role("link", name="antisélection"), r"/fr/glossary/antiselection-50/$")
    used = page.locator("section[aria-labelledby=used]")
    expect(used.locator("a[href='/fr/questions/1/']")).to_be_visible()
    expert = used.locator("a[href*='/fr/experts/']").first.get_attribute("href")
    page.go_back()
    follow(page.locator("aside a[href='/fr/countries/ben/']"), r"/fr/countries/ben/$")
    follow(page.locator(f"main a[href='{expert}']").first, re.escape(expert) + "$")
    follow(main_links(page, "/fr/questions/1/").first, r"/fr/questions/1/$")
    page.go_back()
    expect(page).to_have_url(live_server.url + expert)
    assert not watch.complaints


# --- Asking and answering --------------------------------------------------------------------------------------------
def ask(page: Page) -> str:
    """Ask privately, with consent to publication, past what is known already; return the question's address."""
    write_question(page)
    page.locator("[name=visibility][value=private]").check()
    page.locator("[name=consent]").check()
    send(page, "Send question")
    known = page.locator("#known")
    expect(known.get_by_role("heading", name="Look here first")).to_be_visible()
    expect(known.locator("a[href$='/questions/1/']")).to_be_visible()
    expect(page.locator("[name=body]")).to_have_value(BACKGROUND)
    expect(page.locator("[name=consent]")).to_be_checked()
    send(page, "Send question all the same")
    expect(page).to_have_url(PUBLISHED)
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION)
    return page.url


def assign(page: Page, number: str) -> None:
    follow(main_links(page, f"/questions/{number}/"), rf"/questions/{number}/$")
    page.locator("[name=expert]").select_option(label=EXPERT)
    send(page, "Ask this expert")
    expect(page).to_have_url(re.compile(rf"/questions/{number}/$"))


def answer(page: Page, number: str) -> None:
    follow(main_links(page, f"/questions/{number}/"), rf"/questions/{number}/$")
    page.locator("#answer [name=text]").fill(ANSWER)
    send(page, "Send to the editors")
    expect(page.locator("article").get_by_text("Affiliate whole households").first).to_be_visible()


def publish(page: Page, number: str) -> None:
    """Check the answer, take out who asked, and publish."""
    page.goto(page.url)
    follow(page.get_by_role("link", name="Check this answer"), rf"/questions/{number}/answers/\d+/$")
    page.locator("[name=title]").fill(REDACTED)
    page.locator("[name=body]").fill("Traders want to be insured.")
    send(page, "Publish question and answer")
    expect(page).to_have_url(re.compile(rf"/questions/{number}/$"))


def test_a_question_is_asked_answered_published_found_and_told(sign_in, open_page):
    asker = sign_in(MEMBER, "/en/questions/ask/")
    number = PUBLISHED.search(ask(asker)).group(2)
    path = f"/en/questions/{number}/"
    open_page(path, status=404)  # private: nobody else is told that it is there
    editor = sign_in(EDITOR, "/en/questions/mine/")
    assign(editor, number)
    answer(sign_in(EXPERT, "/en/questions/mine/"), number)
    publish(editor, number)

    visitor, watch = open_page("/en/")
    follow(search(visitor, "market traders join").first, re.escape(path) + "$")
    expect(visitor.get_by_role("heading", level=1)).to_have_text(REDACTED)
    expect(visitor.locator("article .prose").get_by_role("link", name="Ghana")).to_be_visible()
    assert not re.search("Cotonou|Adjoa|Quenum|@example", visitor.content())
    assert not watch.complaints

    send_pending()
    (told,) = [message for message in mail.outbox if message.to == [MEMBER]]
    assert told.subject == f"Question {number}: answered" and path in told.body and "traders" not in told.body
    asker.goto(asker.url.replace(path, "/en/questions/mine/"))
    follow(asker.get_by_role("link", name=QUESTION), re.escape(path) + "$")
    expect(asker.locator("article .prose").get_by_role("link", name="mutual societies")).to_be_visible()


def test_a_half_written_question_waits_while_its_author_signs_in(people, open_page):
    page, watch = open_page("/en/questions/ask/")
    write_question(page, title="Half a question")
    page.locator("[name=visibility][value=members]").check()
    send(page, "Send question")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/en/questions/ask/"))
    assert not Question.objects.filter(texts__title="Half a question").exists()
    fill_in_login(page, MEMBER)
    expect(page).to_have_url(re.compile(r"/en/questions/ask/$"))
    expect(page.locator("[name=title]")).to_have_value("Half a question")
    expect(page.locator("[name=body]")).to_have_value(BACKGROUND)
    expect(page.locator("[name=theme]")).to_have_value("health-insurance")
    expect(page.locator("[name=country]")).to_have_value("BEN")
    expect(page.locator("[name=visibility][value=members]")).to_be_checked()
    assert not watch.complaints


# --- Editing ---------------------------------------------------------------------------------------------------------
def test_a_changed_title_is_found_at_the_next_request_in_every_language(sign_in, open_page):
    resource = Resource.objects.filter(live=True).first()
    editor = sign_in(EDITOR, "/cms/")
    for language, title in (("en", "Quokka pensions revisited"), ("fr", "Wombat pensions revisited")):
        editor.goto(f"{editor.url.partition('/cms/')[0]}/cms/snippets/library/resource/edit/{resource.pk}/")
        editor.locator("[name=title]").fill(title)
        publish_in_cms(editor)
        visitor, _ = open_page(f"/{language}/")
        found = search(visitor, title.split()[0].lower())
        expect(found).to_have_count(1)
        follow(found.first, rf"/\w+/library/{resource.number}/$")
        expect(visitor.get_by_role("heading", level=1)).to_contain_text(title)


def publish_in_cms(page: Page) -> None:
    """Publish what stands in the form: Wagtail keeps that button in a menu."""
    page.get_by_role("button", name="More actions").last.click()
    page.locator("button[name=action-publish]").click()
    expect(page.locator(".messages .success")).to_be_visible()


# --- Without script --------------------------------------------------------------------------------------------------
def test_without_script_one_searches_reads_and_asks(people, open_page):
    page, watch = open_page("/fr/", java_script_enabled=False)
    titles = search(page, "assurance maladie secteur informel")
    follow(titles.first, r"/fr/questions/1/$")
    follow(page.locator("aside a[href='/fr/questions/ask/']"), r"/fr/questions/ask/$")
    write_question(page)
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/fr/questions/ask/"))
    fill_in_login(page, MEMBER)
    expect(page.locator("[name=title]")).to_have_value(QUESTION)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#known a[href='/fr/questions/1/']")).to_be_visible()
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(PUBLISHED)
    assert not watch.complaints
