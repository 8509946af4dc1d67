"""`manage.py propose_forms`: plurals for all terms of the glossary that lack them, as editors' screens propose them."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from glossary.models import Designation
from glossary.proposals import propose


class Command(BaseCommand):
    help = "Propose inflected forms for the terms that are here already. Can be run again: what exists stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        used = waiting = 0
        with transaction.atomic():
            for word in Designation.objects.select_related("section").prefetch_related("forms"):
                for form in propose(word, word.section.language):
                    form.designation = word
                    form.save()
                    used, waiting = used + form.enabled, waiting + (not form.enabled)
        self.stdout.write(f"{used + waiting} forms proposed: {used} in use, {waiting} wait for an editor.")
