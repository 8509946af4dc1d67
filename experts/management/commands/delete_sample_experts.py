"""`manage.py delete_sample_experts`: what to do before real experts are invited."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from experts.models import ExpertProfile


class Command(BaseCommand):
    help = "Deletes all sample experts, with all that belongs to them. Loading the content does not bring them back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        samples = ExpertProfile.objects.filter(is_sample=True)
        count = samples.count()
        if not count:
            self.stdout.write("There are no sample experts.")
            return
        if not options["yes"] and input(f"Delete {count} sample experts? Type yes: ").strip() != "yes":
            raise CommandError("Nothing was deleted.")
        with transaction.atomic():
            samples.delete()
        self.stdout.write(f"{count} sample experts are deleted.")
