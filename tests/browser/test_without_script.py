"""Searching with JavaScript off: from the home page to a resource, filters included."""

import re

from playwright.sync_api import expect

from library.models import Resource


def test_from_the_home_page_to_a_resource(open_page):
    page, watch = open_page("/en/", java_script_enabled=False)
    box = page.get_by_role("searchbox").first
    box.fill("social protection")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/search/\?.*q=social(\+|%20)protection"))
    results = page.locator("main").get_by_role("link")
    expect(results.first).to_be_visible()
    before = page.url
    page.get_by_role("checkbox", name=re.compile("^Resource")).first.check()
    page.get_by_role("button", name=re.compile("Apply|Show|Filter")).first.click()
    assert page.url != before and "kind=resource" in page.url
    page.locator("main a[href*='/en/library/']").first.click()
    expect(page).to_have_url(re.compile(r"/en/library/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert not watch.complaints


def test_a_report_with_an_error_keeps_the_text(content, open_page):
    page, _ = open_page(Resource.objects.first().get_absolute_url(), java_script_enabled=False)
    page.get_by_role("link", name="Report an error").click()
    page.get_by_label("What is wrong").fill("The year is 2015.")
    page.get_by_label("Your e-mail address").fill("reader@nowhere")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("What is wrong")).to_have_value("The year is 2015.")
    page.get_by_label("Your e-mail address").fill("reader@example.org")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
