"""`manage.py send_pending`: send the messages that wait."""

from typing import Any

from django.core.management.base import BaseCommand

from notifications.sending import send_pending, waiting


class Command(BaseCommand):
    help = "Sends the messages that wait. `drain --forever` and Celery do the same by themselves."

    def handle(self, *args: Any, **options: Any) -> None:
        sent = 0
        while waiting().exists():
            sent += send_pending()
        self.stdout.write(f"{sent} messages sent.")
