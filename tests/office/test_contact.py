"""Readers write to the office; what they wrote is kept whether or not a mail goes out."""

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from office.models import ContactMessage

pytestmark = pytest.mark.django_db
ADDRESS = "/en/contact/"
DATA = {"message": "May I reuse a chart?", "email": "reader@example.org", "name": "Awa"}


class DeadServer(BaseEmailBackend):
    """A mail server that refuses."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("no server")


def test_the_form_shows_in_three_languages(client, django_assert_max_num_queries):
    for language in ("en", "fr", "es"):
        with django_assert_max_num_queries(8):
            response = client.get(f"/{language}/contact/")
        assert response.status_code == 200 and "csrfmiddlewaretoken" in response.content.decode()


def test_a_message_is_kept_and_mailed_to_the_office(client, settings):
    settings.CONTACT_EMAIL = "office@example.org"
    response = client.post("/fr/contact/", DATA, follow=True)
    assert response.redirect_chain == [("/fr/contact/sent/", 302)] and response.status_code == 200
    kept = ContactMessage.objects.get()
    assert (kept.message, kept.email, kept.name, kept.language, kept.state) == (*DATA.values(), "fr", "open")
    (sent,) = mail.outbox
    assert (sent.to, sent.reply_to) == (["office@example.org"], ["reader@example.org"])
    assert "May I reuse a chart?" in sent.body and f"/cms/snippets/office/contactmessage/edit/{kept.pk}/" in sent.body


def test_without_an_address_the_message_waits_at_the_desk(client, settings):
    settings.CONTACT_EMAIL = ""
    assert client.post(ADDRESS, DATA).status_code == 302
    assert ContactMessage.objects.count() == 1 and not mail.outbox


def test_a_mail_that_fails_loses_nothing(client, settings, caplog):
    settings.CONTACT_EMAIL = "office@example.org"
    settings.EMAIL_BACKEND = f"{__name__}.DeadServer"
    assert client.post(ADDRESS, DATA).status_code == 302
    kept = ContactMessage.objects.get()
    assert f"Contact message {kept.pk} was kept but not mailed: no server" in caplog.text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"message": " "}, "message"),
        ({"message": "x" * 4001}, "message"),
        ({"email": ""}, "email"),
        ({"email": "a@example.org\nBcc: b@example.org"}, "email"),
        ({"name": "x" * 121}, "name"),
    ],
)
def test_an_error_keeps_what_was_written(client, change, field):
    response = client.post(ADDRESS, {**DATA, **change})
    assert response.status_code == 422 and list(response.context["form"].errors) == [field]
    assert not ContactMessage.objects.exists()


def test_programs_that_fill_in_everything_change_nothing(client):
    assert client.post(ADDRESS, {**DATA, "website": "https://spam.example"}).status_code == 302
    assert not ContactMessage.objects.exists() and not mail.outbox


def test_five_an_hour_from_one_address(client):
    for _ in range(5):
        assert client.post(ADDRESS, DATA).status_code == 302
    response = client.post(ADDRESS, DATA)
    assert response.status_code == 429 and "in an hour" in response.content.decode()
    assert response.context["form"]["message"].value() == DATA["message"]
    assert client.post(ADDRESS, DATA, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_editors_read_and_close_messages_and_write_none(editor_client, member_client):
    kept = ContactMessage.objects.create(**DATA, language="en")
    listing = "/cms/snippets/office/contactmessage/"
    assert "May I reuse" in editor_client.get(listing).content.decode()
    edit = f"{listing}edit/{kept.pk}/"
    assert editor_client.post(edit, {"state": "done", "message": "changed"}).status_code == 302
    kept.refresh_from_db()
    assert (kept.state, kept.message) == ("done", DATA["message"])
    assert "May I reuse" not in member_client.get(listing, follow=True).content.decode()
