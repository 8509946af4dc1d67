"""The closed lists of the library: types of resources, kinds of agents, their roles, schemes of identifiers."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ResourceType(models.TextChoices):
    """What a resource is."""

    ACTUARIAL_REPORT = "actuarial-report", _("Actuarial report")
    ARTICLE = "article", _("Journal article")
    BOOK = "book", _("Book")
    CASE_STUDY = "case-study", _("Case study")
    CHAPTER = "chapter", _("Book chapter")
    CONFERENCE_PAPER = "conference-paper", _("Conference paper")
    DATASET = "dataset", _("Dataset")
    EVALUATION = "evaluation", _("Evaluation")
    GUIDE = "guide", _("Guide")
    INTERNATIONAL_INSTRUMENT = "international-instrument", _("International instrument")
    LEGISLATION = "legislation", _("Legislation")
    MULTIMEDIA = "multimedia", _("Multimedia")
    POLICY_BRIEF = "policy-brief", _("Policy brief")
    PRESENTATION = "presentation", _("Presentation")
    REPORT = "report", _("Report")
    TOOL = "tool", _("Tool")
    TRAINING_MATERIAL = "training-material", _("Training material")
    WEB_RESOURCE = "web-resource", _("Web resource")
    WORKING_PAPER = "working-paper", _("Working paper")


class AgentKind(models.TextChoices):
    """Who can answer for a resource."""

    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")


class Role(models.TextChoices):
    """What an agent did for a resource."""

    AUTHOR = "author", _("Author")
    ISSUER = "issuer", _("Issuing body")
    PUBLISHER = "publisher", _("Publisher")


class Scheme(models.TextChoices):
    """Kinds of identifiers."""

    DOI = "doi", "DOI"
    ISBN = "isbn", "ISBN"
    ILO = "ilo", pgettext_lazy("identifier", "ILO instrument")
