"""The closed lists of experts' profiles."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.entries import Audience


class State(models.TextChoices):
    """How far a profile is. Only an approved one has readers besides its owner and staff."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    APPROVED = "approved", _("Approved")
    SUSPENDED = "suspended", _("Suspended")
    INACTIVE = "inactive", _("Inactive")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ERASED = "erased", _("Erased")


class Level(models.TextChoices):
    """Who reads a part of a profile, from the fewest to all; each level adds readers to the one before it."""

    PRIVATE = "private", _("The expert only")
    MANAGERS = "managers", _("Roster managers")
    PARTNERS = "partners", _("Partner organisations")
    REGISTERED = "registered", _("Members")
    PUBLIC = "public", _("Everybody")


# The levels that each audience may read. The owner reads all; partner organisations have no readers of their own yet.
READABLE: dict[Audience, tuple[Level, ...]] = {
    "public": (Level.PUBLIC,),
    "members": (Level.REGISTERED, Level.PUBLIC),
    "staff": (Level.MANAGERS, Level.PARTNERS, Level.REGISTERED, Level.PUBLIC),
}


class Section(models.TextChoices):
    """The parts of a profile that have a level. Without a level of its own, a part is private."""

    IDENTITY = "identity", _("Name and headline")
    SUMMARY = "summary", _("Summary")
    RESIDENCE = "residence", _("Country of residence")
    EXPERTISE = "expertise", _("Expertise")
    ASSIGNMENTS = "assignments", _("Assignments")
    POSITIONS = "positions", _("Positions")
    EDUCATION = "education", _("Education")
    LANGUAGES = "languages", _("Languages")
    EXPERIENCE = "experience", _("Experience by country")


class Purpose(models.TextChoices):
    """What an expert can agree to, each by itself."""

    DIRECTORY = "directory", _("Being listed here")
    SEARCH = "search", _("Being found by search engines")
    QA_MATCHING = "qa_matching", _("Being proposed for questions")
    CONTACT_RELAY = "contact_relay", _("Receiving messages through GESS")
    STATISTICS = "statistics", _("Being counted in statistics")
    NEWSLETTER = "newsletter", _("Receiving the newsletter")


class Mastery(models.TextChoices):
    """How well somebody knows a subject."""

    AWARENESS = "awareness", pgettext_lazy("level of expertise", "Awareness")
    PRACTITIONER = "practitioner", pgettext_lazy("level of expertise", "Practitioner")
    EXPERT = "expert", pgettext_lazy("level of expertise", "Expert")
    AUTHORITY = "authority", pgettext_lazy("level of expertise", "Authority")


class Cefr(models.TextChoices):
    """The levels of the Common European Framework of Reference for Languages, lowest first."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"


class UnLevel(models.TextChoices):
    """The language levels of the United Nations, lowest first."""

    I = "I"  # noqa: E741  its name
    II = "II"
    III = "III"
    IV = "IV"
