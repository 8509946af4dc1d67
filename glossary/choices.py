"""Codes of the glossary: English tokens in every file, translated only where people read them.

Names follow TBX-Basic (ISO 30042) and SKOS where these have one.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """How far a concept has come."""

    CANDIDATE = "candidate", _("candidate")
    DRAFT = "draft", _("draft")
    VALIDATED = "validated", _("validated")
    DEPRECATED = "deprecated", _("deprecated")


class State(models.TextChoices):
    """How far a concept has come in one language."""

    MISSING = "missing", _("missing")
    DRAFT = "draft", _("draft")
    TRANSLATED = "translated", _("translated")
    REVIEWED = "reviewed", _("reviewed")
    VALIDATED = "validated", _("validated")
    NO_EQUIVALENT = "no_equivalent", _("no equivalent")


class RelationKind(models.TextChoices):
    """What the other concept is to this one."""

    BROADER_GENERIC = "broader_generic", _("broader (is a kind of)")
    BROADER_PARTITIVE = "broader_partitive", _("broader (is a part of)")
    BROADER_INSTANCE = "broader_instance", _("broader (is an instance of)")
    RELATED = "related", _("related")
    SEE_ALSO = "see_also", _("see also")
    NOT_TO_BE_CONFUSED_WITH = "not_to_be_confused_with", _("not to be confused with")


class DesignationKind(models.TextChoices):
    FULL_FORM = "full_form", _("full form")
    ABBREVIATION = "abbreviation", _("abbreviation")
    ACRONYM = "acronym", _("acronym")
    SHORT_FORM = "short_form", _("short form")
    VARIANT = "variant", _("variant")
    PHRASE = "phrase", _("phrase")
    SEARCH_ONLY = "search_only", _("for searches only")


class TermStatus(models.TextChoices):
    PREFERRED = "preferred", _("preferred")
    ADMITTED = "admitted", _("admitted")
    DEPRECATED = "deprecated", _("to be avoided")
    SUPERSEDED = "superseded", _("superseded")
    PROPOSED = "proposed", _("proposed")


class PartOfSpeech(models.TextChoices):
    NOUN = "noun", _("noun")
    VERB = "verb", _("verb")
    ADJECTIVE = "adjective", _("adjective")
    ADVERB = "adverb", _("adverb")
    OTHER = "other", _("other")


class Gender(models.TextChoices):
    MASCULINE = "m", _("masculine")
    FEMININE = "f", _("feminine")


class GrammaticalNumber(models.TextChoices):
    SINGULAR = "singular", _("singular")
    PLURAL = "plural", _("plural")


class LinkMode(models.TextChoices):
    """Whether texts link where the designation stands."""

    ALWAYS = "always", _("always")
    FIRST = "first", _("the first time in a section")
    CASE_SENSITIVE = "case_sensitive", _("exactly as written")
    NEVER = "never", _("never: only searches know it")


class Origin(models.TextChoices):
    AUTO = "auto", _("generated")
    EDITOR = "editor", _("an editor")
    CORPUS = "corpus", _("the library's texts")


BROADER = frozenset({RelationKind.BROADER_GENERIC, RelationKind.BROADER_PARTITIVE, RelationKind.BROADER_INSTANCE})
PUBLIC = frozenset({Status.VALIDATED, Status.DEPRECATED})  # concepts that readers see
WORDED = frozenset({State.DRAFT, State.TRANSLATED, State.REVIEWED, State.VALIDATED})  # sections that say something
AVOIDED = frozenset({TermStatus.DEPRECATED, TermStatus.SUPERSEDED})
