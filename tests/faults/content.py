"""What stands in the database before the first fault: people with sessions, a country, themes, answered questions."""

from dataclasses import dataclass, field
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from accounts.models import User
from qa.choices import Visibility
from tests.factories import UserFactory
from tests.faults.browser import Case, Person
from tests.faults.canaries import Item, Journal, new_token
from tests.library.factories import theme
from tests.pages.factories import country_page, theme_page
from tests.qa.factories import answered, question

CASES = 12


@dataclass
class People:
    """Who reads and writes: one of each audience, the member who asks, and the theme page that gets restricted."""

    readers: dict[str, Person] = field(default_factory=dict)
    asker: Person | None = None
    editor: Person | None = None


def session_of(user: User) -> str:
    """Return the key of a session in which `user` has logged in."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return store.session_key


def people(port: int) -> People:
    """Make the people."""
    member, editor, asker = UserFactory(), UserFactory(groups=["Editors"]), UserFactory()
    UserFactory(groups=["Editors"])  # a second editor: mails go to several people
    readers = {
        "public": Person("public", port),
        "members": Person("members", port, session_of(member)),
        "staff": Person("staff", port, session_of(editor)),
    }
    return People(readers, Person("members", port, session_of(asker)), readers["staff"])


def cases(journal: Journal) -> list[Case]:
    """Make answered questions that members read."""
    theme("maternity")
    country_page("KEN")
    theme_page("old-age")
    made = []
    for number in range(CASES):
        token, name = new_token(), f"case/{number}"
        with journal.writing(Item(name, token, "members"), act="case"):
            version = answered(
                question(title=f"Canary {token}?", body=f"Who pays {token}?", visibility=Visibility.MEMBERS)
            )
        made.append(Case(name, version.answer.question.number, token))
    return made
