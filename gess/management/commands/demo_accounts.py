"""`manage.py demo_accounts`: two people to try GESS with."""

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from office.roles import EDITORS

# Known to everybody who reads this: they exist with DEMO=1 on SQLite only, bound to this machine.
DEMO_ACCOUNTS = {
    "editor@example.org": ("demo-editor-password", EDITORS),
    "member@example.org": ("demo-member-password", None),
}


class Command(BaseCommand):
    help = "Creates a demo editor and a demo member with known passwords. Only with DEMO=1 and without DATABASE_URL."

    def handle(self, *args: Any, **options: Any) -> None:
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
