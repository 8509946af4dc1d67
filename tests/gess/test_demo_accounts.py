from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from accounts.models import User
from gess.management.commands.demo_accounts import open_demo_accounts
from tests.qa.factories import question

pytestmark = pytest.mark.django_db


def make():
    call_command("demo_accounts", stdout=StringIO())


@pytest.mark.embedded
def test_the_demo_editor_logs_in_and_reaches_the_desk(client, settings):
    settings.DEMO = True
    make()
    data = {"login": "editor@example.org", "password": "demo-editor-password"}
    assert client.post("/accounts/login/", data).status_code == 302
    assert client.get("/cms/").status_code == 200
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == 3
    assert not User.objects.filter(is_superuser=True).exists()


@pytest.mark.embedded
def test_an_account_that_exists_keeps_its_changes(settings):
    settings.DEMO = True
    make()
    editor = User.objects.get(email="editor@example.org")
    editor.set_password("changed here")
    editor.save()
    make()
    editor.refresh_from_db()
    assert editor.check_password("changed here")
    assert User.objects.count() == 3


@pytest.mark.parametrize(
    ("demo", "database", "reason"), [(False, "", "DEMO=1"), (True, "postgresql://x/y", "DATABASE_URL")]
)
def test_never_by_accident(settings, demo, database, reason):
    settings.DEMO, settings.DATABASE_URL = demo, database
    with pytest.raises(CommandError, match=reason):
        make()
    assert not User.objects.exists()


@pytest.mark.embedded
def test_they_can_be_removed(settings):
    settings.DEMO = True
    make()
    assert len(open_demo_accounts()) == 3
    settings.DEMO = False
    call_command("demo_accounts", remove=True, stdout=StringIO())
    assert not User.objects.exists()
    assert not open_demo_accounts()


@pytest.mark.embedded
def test_one_that_has_asked_is_closed_and_what_it_asked_stays(client, settings):
    settings.DEMO = True
    make()
    case = question(User.objects.get(email="member@example.org"))
    call_command("demo_accounts", remove=True, stdout=StringIO())
    (left,) = User.objects.all()
    assert case.asker_id == left.pk and not left.is_active and not left.has_usable_password()
    make()
    assert (
        client.post("/accounts/login/", {"login": "member@example.org", "password": "demo-member-password"}).status_code
        == 302
    )


@pytest.mark.embedded
def test_an_account_with_a_password_of_its_own_is_not_open(settings):
    settings.DEMO = True
    make()
    editor = User.objects.get(email="editor@example.org")
    editor.set_password("changed here")
    editor.save()
    assert open_demo_accounts() == ["expert@example.org", "member@example.org"]
