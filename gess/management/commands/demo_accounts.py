"""`manage.py demo_accounts`: three people to try GESS with."""

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import ProtectedError

from accounts.models import User
from office.roles import EDITORS, EXPERTS

# Known to everybody who reads this: they exist with DEMO=1 on SQLite only, bound to this machine.
DEMO_ACCOUNTS = {
    "editor@example.org": ("demo-editor-password", EDITORS),
    "expert@example.org": ("demo-expert-password", EXPERTS),
    "member@example.org": ("demo-member-password", None),
}


def open_demo_accounts() -> list[str]:
    """Return the demo accounts that anybody who knows this file could log in to."""
    users = User.objects.filter(email__in=DEMO_ACCOUNTS, is_active=True)
    return [user.email for user in users if user.check_password(DEMO_ACCOUNTS[user.email][0])]


def remove(user: User) -> bool:
    """Delete the account; one that has asked or answered is closed for good instead, for that stays."""
    try:
        with transaction.atomic():
            user.delete()
    except ProtectedError:
        user.email, user.is_active = f"removed-{user.pk}@invalid", False
        user.set_unusable_password()
        user.save()
        EmailAddress.objects.filter(user=user).delete()
    return True


class Command(BaseCommand):
    help = "Creates a demo editor, expert and member with known passwords. Only with DEMO=1 and without DATABASE_URL."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="remove them instead; always possible")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            count = sum(remove(user) for user in User.objects.filter(email__in=DEMO_ACCOUNTS))
            self.stdout.write("The demo accounts are removed." if count else "There are no demo accounts.")
            return
        if settings.DATABASE_URL:
            raise CommandError("DATABASE_URL is set: accounts with known passwords are for the embedded way only.")
        if not settings.DEMO:
            raise CommandError("Demo accounts have known passwords. Set DEMO=1 if this is not reachable by others.")
        for email, (password, role) in DEMO_ACCOUNTS.items():
            made = self._ensure(email, password, role)
            self.stdout.write(f"{email} / {password}: {'created' if made else 'is there'}")

    @transaction.atomic
    def _ensure(self, email: str, password: str, role: str | None) -> bool:
        """Create the account unless it is there; one that exists keeps what was changed on it."""
        if User.objects.filter(email=email).exists():
            return False
        user = User.objects.create_user(email, password)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        if role:
            user.groups.add(Group.objects.get(name=role))
        return True
