"""The four axes of a question, and its closed lists."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """How far the case is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    TRIAGED = "triaged"
    ASSIGNED = "assigned"
    NEEDS_INFO = "needs_info"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    CLOSED = "closed"


class Resolution(models.TextChoices):
    """Why a closed case is closed."""

    RESOLVED = "resolved"
    NO_FEEDBACK = "no_feedback"
    DUPLICATE = "duplicate"
    OUT_OF_SCOPE = "out_of_scope"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


class Visibility(models.TextChoices):
    """Who reads the case: what the asker is told when choosing is exactly what `visible_to` does."""

    PRIVATE = "private", _("Only I, the experts who answer, and the editors")
    MEMBERS = "members", _("All members who have signed in")
    PUBLIC = "public", _("All members now; everyone once an editor has published it")


class Moderation(models.TextChoices):
    """Whether a text is shown. Rules only hold; people hide, remove and restore."""

    CLEAR = "clear"
    HELD = "held"
    HIDDEN = "hidden"
    REMOVED = "removed"


class AnswerState(models.TextChoices):
    """How far one version of an answer is."""

    DRAFT = "draft", _("Draft")
    IN_CLEARANCE = "in_clearance", _("With the editors")
    RETURNED = "returned", _("Returned to the expert")
    CLEARED = "cleared", _("Cleared")
    SUPERSEDED = "superseded", _("Replaced by a later version")
    OBSOLETE = "obsolete", _("Out of date")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class SnapshotState(models.TextChoices):
    """Whether the public object is public."""

    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    UNPUBLISHED = "unpublished"


class Group(models.TextChoices):
    """The constituents of the ILO, and the institutions they run."""

    GOVERNMENT = "government", pgettext_lazy("asker", "A government")
    EMPLOYERS = "employers", pgettext_lazy("asker", "An employers’ organisation")
    WORKERS = "workers", pgettext_lazy("asker", "A workers’ organisation")
    INSTITUTION = "institution", pgettext_lazy("asker", "A social security institution")


class CommentAudience(models.TextChoices):
    """Who reads a comment."""

    CASE = "case", _("All who see this question")
    INTERNAL = "internal", _("Experts and editors only")


SHARED = (Visibility.MEMBERS, Visibility.PUBLIC)
UNSHARED_RESOLUTIONS = (Resolution.OUT_OF_SCOPE, Resolution.WITHDRAWN, Resolution.REMOVED)
ANSWERED = (Status.ANSWERED, Status.ACCEPTED, Status.CLOSED)
EXPERTS = "Experts"  # the group whose members answer
EDITORS = "Editors"  # the group whose members clear and publish
