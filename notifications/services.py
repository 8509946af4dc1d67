"""Telling people: called by name, inside the transaction of the service that has something to tell."""

from collections.abc import Iterable

from wagtail.users.models import UserProfile

from accounts.models import User
from notifications.models import Delivery


def notify(*, event: str, message: str, about: str, users: Iterable[User], language: str = "en") -> None:
    """Note that these users are to be told; a repeated event tells nobody twice.

    `language` is that of the message, unless a user has chosen another one.
    """
    users = {user.pk: user for user in users if user.is_active and user.email}
    chosen = dict(
        UserProfile.objects.filter(user__in=users)
        .exclude(preferred_language="")
        .values_list("user", "preferred_language")
    )
    Delivery.objects.bulk_create(
        [
            Delivery(event=event, message=message, about=about, user_id=pk, language=chosen.get(pk, language))
            for pk in users
        ],
        ignore_conflicts=True,
    )
