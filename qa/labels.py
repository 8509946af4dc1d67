"""How far a question is, in words: one pure function of the axes."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa.choices import AnswerState, Moderation, Resolution, Status

# The office speaks under these names; content files and snapshots hold them in English.
OFFICE = {"GESS editors": _("GESS editors"), "GESS experts": _("GESS experts")}
MODERATED = {
    Moderation.HELD: _("Waiting to be checked"),
    Moderation.HIDDEN: _("Hidden by the editors"),
    Moderation.REMOVED: _("Removed"),
}
CLOSED = {
    Resolution.RESOLVED: _("Answered and closed"),
    Resolution.NO_FEEDBACK: _("Answered and closed"),
    Resolution.DUPLICATE: _("Closed: asked before"),
    Resolution.OUT_OF_SCOPE: _("Closed: outside our field"),
    Resolution.WITHDRAWN: _("Withdrawn by the asker"),
    Resolution.REMOVED: _("Removed"),
}
OPEN = {
    Status.DRAFT: _("Draft, not sent"),
    Status.SUBMITTED: pgettext_lazy("question", "Received"),
    Status.TRIAGED: pgettext_lazy("question", "Received"),
    Status.ASSIGNED: _("With an expert"),
    Status.NEEDS_INFO: _("Waiting for details from the asker"),
}
ANSWERED = pgettext_lazy("question", "Answered")
PUBLISHED = _("Answered and published")
CHECKED = _("Answer written, with the editors")


def state_label(
    status: str, resolution: str = "", moderation: str = Moderation.CLEAR, published: bool = False, answer: str = ""
) -> Promise:
    """Return what people are told; `answer` is the state of the latest version, "" if there is none.

    What is not shown comes first, then what ended, then what is public, then how far it is.
    """
    if moderation != Moderation.CLEAR:
        return MODERATED[Moderation(moderation)]
    if status == Status.CLOSED:
        return CLOSED[Resolution(resolution)]
    if status in (Status.ANSWERED, Status.ACCEPTED):
        return PUBLISHED if published else ANSWERED
    if answer == AnswerState.IN_CLEARANCE:
        return CHECKED
    return OPEN[Status(status)]


def shown_name(name: str) -> str:
    """Return who asked or answered as readers are told: the office in their language, anybody else as written."""
    return str(OFFICE.get(name, name))
