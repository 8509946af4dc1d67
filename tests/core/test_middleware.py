"""What every request passes through."""

import pytest

pytestmark = pytest.mark.django_db
PUBLIC = {
    "default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self'", "connect-src 'self'",
    "form-action 'self'", "font-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'",
}  # fmt: skip


def policy(response) -> set[str]:
    return {part.strip() for part in response["Content-Security-Policy"].split(";")}


@pytest.mark.parametrize(
    "path", ["/en/", "/en/search/", "/fr/library/", "/accounts/login/", "/en/nothing/", "/api/v1/search/"]
)
def test_public_pages_have_the_strict_policy_and_no_inline_code(client, path):
    response = client.get(path)
    assert policy(response) >= PUBLIC
    page = response.content.decode()
    assert " style=" not in page and "<style" not in page and " onclick=" not in page
    data = page.count('<script type="application/ld+json">')  # not run by any browser
    assert page.count("<script") == page.count("<script defer src=") + data


def test_editors_screens_have_their_own_policy(editor_client):
    found = policy(editor_client.get("/cms/"))
    assert "script-src 'self' 'unsafe-inline'" in found and "frame-ancestors 'self'" in found


def test_account_pages_speak_the_language_of_the_page_one_came_from(client):
    page = client.get("/accounts/login/?next=/fr/library/")
    assert page["Content-Language"] == "fr"
    assert '<html lang="fr"' in page.content.decode()
    assert 'href="/accounts/login/?next=%2Fes%2Flibrary%2F"' in page.content.decode()
    assert client.get("/accounts/login/?next=//evil.example/fr/")["Content-Language"] == "en"


def test_the_root_leads_to_the_best_language_without_a_cookie(client):
    response = client.get("/", headers={"accept-language": "fr-CH, en;q=0.5"})
    assert response.status_code == 302 and response["Location"] == "/fr/"
    assert "Accept-Language" in response["Vary"] and not response.cookies
    assert client.get("/", headers={"accept-language": "de"})["Location"] == "/en/"


def test_a_nul_in_a_parameter_is_dropped(client):
    assert client.get("/en/library/?year=20%0015&theme=a%00").status_code == 200
