"""What waits for the staff among questions, for their start page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.audiences import audience_of
from core.panels import register_desk
from qa.models import Question


def _open_questions(user: Any) -> int:
    """Count what the list shows to an editor."""
    return Question.objects.visible_to(user).open().count() if audience_of(user) == "staff" else 0


register_desk(_("Open questions"), _open_questions, lambda: f"{reverse('questions:list')}?state=open")
