"""A half-written question, kept in the session while its author signs in."""

from typing import Any

from django.http import HttpRequest, QueryDict

from qa.forms import AskForm

KEY = "question_draft"


def keep(request: HttpRequest, data: QueryDict) -> None:
    """Keep what was typed, valid or not."""
    request.session[KEY] = {name: data[name] for name in AskForm.base_fields if name in data and name != "seen"}


def kept(request: HttpRequest) -> dict[str, Any]:
    """Return what was kept, by field; empty if nothing was."""
    return request.session.get(KEY, {})


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
