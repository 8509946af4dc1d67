"""The search box in a real browser: suggestions by keyboard and pointer, and the scope of a question."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.browser.conftest import assert_accessible


def test_suggestions_are_chosen_by_keyboard(open_page):
    page, watch = open_page("/en/search/")
    box, options = page.get_by_role("combobox"), page.get_by_role("option")
    box.press_sequentially("sene")
    expect(options.first).to_contain_text("Senegal")
    expect(options.first).to_contain_text("Country")
    expect(box).to_have_attribute("aria-expanded", "true")
    assert_accessible(page)
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("sene")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/en/countries/sen/")
    assert watch.complaints == []


def test_suggestions_are_chosen_by_pointer_and_enter_alone_searches(open_page):
    page, watch = open_page("/fr/search/", width=390)
    box = page.get_by_role("combobox")
    box.press_sequentially("séné")
    page.get_by_role("option", name="Sénégal").click()
    page.wait_for_url("**/fr/countries/sen/")
    box.press_sequentially("séné")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Enter")
    page.wait_for_url("**/fr/search/?q=*")
    assert parse_qs(urlsplit(page.url).query) == {"q": ["séné"]}
    assert watch.complaints == []


def test_a_scope_stays_until_it_is_unticked_without_script_too(open_page):
    page, _watch = open_page("/en/countries/sen/", java_script_enabled=False)
    page.get_by_role("link", name="Search in Senegal").click()
    page.get_by_role("searchbox").fill("pension")
    page.get_by_role("searchbox").press("Enter")
    assert parse_qs(urlsplit(page.url).query) == {"q": ["pension"], "country": ["SEN"]}
    page.get_by_label("Only in Senegal").uncheck()
    page.get_by_role("searchbox").press("Enter")
    assert parse_qs(urlsplit(page.url).query) == {"q": ["pension"]}
