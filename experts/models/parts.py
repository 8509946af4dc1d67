"""What belongs to one profile and is edited with it."""

import datetime
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from experts import offers
from experts.choices import Cefr, Level, Mastery, Section, UnLevel
from experts.fields import KeysField
from experts.validators import validate_language, validate_partial_date, validate_period

COUNTRY = RegexValidator(r"^[A-Z]{3}\Z", _("Write the code as three capital letters: SEN."))
PROFILE = "experts.ExpertProfile"
YEARS = [MinValueValidator(1930), MaxValueValidator(2100)]
SKILLS = ("listening", "reading", "interaction", "production", "writing")
MOTHER_TONGUE = "native"  # above every level
UN_AS_CEFR = {UnLevel.I: Cefr.A2, UnLevel.II: Cefr.B1, UnLevel.III: Cefr.B2, UnLevel.IV: Cefr.C1}  # approximate
PARTIAL = {"max_length": 10, "blank": True, "validators": [validate_partial_date]}
PARTIAL_HELP = _("As precise as it is known: 2019, 2019-11 or 2019-11-25.")


def country_code(label: str) -> models.CharField:
    """A country by its ISO 3166-1 alpha-3 code, which never changes."""
    return models.CharField(label, max_length=3, blank=True, validators=[COUNTRY])


def level_is_known(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(level__in=["", *Level.values]), name=name)


class ProfileText(Orderable):
    """Headline and summary in one language: one edition of the profile."""

    profile = ParentalKey(PROFILE, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=35, validators=[validate_language])
    headline = models.CharField(_("headline"), max_length=200, help_text=_("What this person can help with."))
    summary = models.TextField(_("summary"), blank=True, help_text=_("Plain text, without addresses."))

    class Meta(Orderable.Meta):
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        constraints = [models.UniqueConstraint(fields=["profile", "language"], name="experts_text_language")]


class Visibility(models.Model):
    """Who reads a section. Items of it may have a level of their own."""

    profile = ParentalKey(PROFILE, on_delete=models.CASCADE, related_name="visibilities")
    section = models.CharField(_("section"), max_length=12, choices=Section)
    level = models.CharField(_("read by"), max_length=10, choices=Level, default=Level.PRIVATE)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("visibility")
        verbose_name_plural = _("visibilities")
        constraints = [
            models.UniqueConstraint(fields=["profile", "section"], name="experts_visibility_section"),
            models.CheckConstraint(condition=Q(section__in=Section.values), name="experts_visibility_section_known"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="experts_visibility_level_known"),
        ]


class Item(Orderable):
    """A row of a section; `level` empty means: as the section."""

    section: ClassVar[Section]
    level = models.CharField(
        _("read by"), max_length=10, choices=Level, blank=True, help_text=_("Empty: as the section.")
    )

    class Meta(Orderable.Meta):
        abstract = True


class Period(Item):
    """An item that took time."""

    start = models.CharField(_("start"), help_text=PARTIAL_HELP, **PARTIAL)
    end = models.CharField(_("end"), help_text=_("Empty: still going on."), **PARTIAL)

    class Meta(Item.Meta):
        abstract = True

    def clean(self) -> None:
        super().clean()
        validate_period(self.start, self.end)


class Education(Item):
    section = Section.EDUCATION
    profile = ParentalKey(PROFILE, on_delete=models.CASCADE, related_name="education")
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True, validators=YEARS)
    degree = models.CharField(_("degree"), max_length=200)
    field = models.CharField(_("field"), max_length=200, blank=True)
    institution = models.CharField(_("institution"), max_length=200, blank=True)
    country = country_code(_("country"))

    class Meta(Item.Meta):
        verbose_name = _("education")
        verbose_name_plural = _("education")
        constraints = [level_is_known("experts_education_level_known")]


class Employment(Period):
    section = Section.POSITIONS
    profile = ParentalKey(PROFILE, on_delete=models.CASCADE, related_name="positions")
    title = models.CharField(_("title"), max_length=200)
    employer = models.CharField(_("employer"), max_length=200)
    country = country_code(_("country"))
    summary = models.TextField(_("summary"), blank=True)

    class Meta(Period.Meta):
        verbose_name = pgettext_lazy("employment", "position")
        verbose_name_plural = _("positions")
        constraints = [level_is_known("experts_employment_level_known")]


class Assignment(Period):
    """A piece of work for a client: what was done, where, about what, in which role."""

    section = Section.ASSIGNMENTS
    profile = ParentalKey(PROFILE, on_delete=models.CASCADE, related_name="assignments")
    number = models.PositiveSmallIntegerField(
        _("number"), help_text=_("By which the expertise below refers to it: assignment:1.")
    )
    title = models.CharField(_("title"), max_length=250)
    role = models.CharField(_("role"), max_length=120, blank=True)
    client = models.CharField(_("client"), max_length=200, blank=True)
    countries = KeysField(_("countries"), offer=offers.countries)
    topics = KeysField(_("topics"), offer=offers.topics)
    outputs = KeysField(
        _("outputs"), pattern=r"resource:[1-9][0-9]*", help_text=_("Keys of resources of the library: resource:12.")
    )

    class Meta(Period.Meta):
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(fields=["profile", "number"], name="experts_assignment_number"),
            level_is_known("experts_assignment_level_known"),
        ]


class LanguageSkill(Item):
    """How well somebody uses a language, on either scale."""

    section = Section.LANGUAGES
    profile = ParentalKey(PROFILE, on_delete=models.CASCADE, related_name="languages")
    language = models.CharField(_("language"), max_length=35, validators=[validate_language])
    mother_tongue = models.BooleanField(_("mother tongue"), default=False)
    listening = models.CharField(_("listening"), max_length=2, choices=Cefr, blank=True)
    reading = models.CharField(_("reading"), max_length=2, choices=Cefr, blank=True)
    interaction = models.CharField(_("interaction"), max_length=2, choices=Cefr, blank=True)
    production = models.CharField(_("production"), max_length=2, choices=Cefr, blank=True)
    writing = models.CharField(_("writing"), max_length=2, choices=Cefr, blank=True)
    un_level = models.CharField(_("UN level"), max_length=3, choices=UnLevel, blank=True)

    class Meta(Item.Meta):
        verbose_name = _("language")
        verbose_name_plural = _("languages")
        constraints = [
            models.UniqueConstraint(fields=["profile", "language"], name="experts_language_once"),
            level_is_known("experts_language_level_known"),
        ]

    @property
    def overall(self) -> str:
        """The level that all stated skills reach, or that the UN level stands for; "native", or "" if unknown."""
        if self.mother_tongue:
            return MOTHER_TONGUE
        stated = [getattr(self, skill) for skill in SKILLS if getattr(self, skill)]
        if stated:
            return min(stated)
        return str(UN_AS_CEFR[UnLevel(self.un_level)].value) if self.un_level else ""


class Expertise(Item):
    """A subject somebody knows: a term of the glossary, or words of their own where there is none."""

    section = Section.EXPERTISE
    profile = ParentalKey(PROFILE, on_delete=models.CASCADE, related_name="expertise")
    term = models.CharField(_("term"), max_length=80, blank=True)  # `term:58`
    topic = models.CharField(
        _("other subject"), max_length=120, blank=True, help_text=_("Only where the glossary has no term for it.")
    )
    mastery = models.CharField(_("level"), max_length=12, choices=Mastery)
    years = models.PositiveSmallIntegerField(
        _("years of practice"), null=True, blank=True, validators=[MaxValueValidator(70)]
    )
    last_used = models.PositiveSmallIntegerField(_("last used in"), null=True, blank=True, validators=YEARS)
    evidence = KeysField(
        _("evidence"),
        pattern=r"(assignment|resource|question):[1-9][0-9]*",
        help_text=_("Keys, with spaces between: assignment:1 resource:12 question:3."),
    )

    class Meta(Item.Meta):
        verbose_name = _("expertise")
        verbose_name_plural = _("expertise")
        constraints = [
            models.CheckConstraint(condition=Q(mastery__in=Mastery.values), name="experts_expertise_mastery"),
            models.CheckConstraint(condition=Q(term="") ^ Q(topic=""), name="experts_expertise_one_subject"),
            level_is_known("experts_expertise_level_known"),
        ]

    def clean(self) -> None:
        if bool(self.term) == bool(self.topic):
            raise ValidationError({"topic": _("Choose a term or write another subject: one of the two.")})
        if self.last_used and self.last_used > datetime.date.today().year:
            raise ValidationError({"last_used": _("This year has not come yet.")})


class CountryExperience(Item):
    """How long somebody worked in a country in all, where assignments and positions do not say it."""

    section = Section.EXPERIENCE
    profile = ParentalKey(PROFILE, on_delete=models.CASCADE, related_name="experience")
    country = models.CharField(_("country"), max_length=3, validators=[COUNTRY])
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True, validators=YEARS)

    class Meta(Item.Meta):
        verbose_name = _("experience in a country")
        verbose_name_plural = _("experience by country")
        constraints = [
            models.UniqueConstraint(fields=["profile", "country"], name="experts_experience_country"),
            level_is_known("experts_experience_level_known"),
        ]


ITEMS: tuple[type[Item], ...] = (
    Expertise, Assignment, Employment, Education, LanguageSkill, CountryExperience
)  # fmt: skip
PARTS: tuple[type[models.Model], ...] = (ProfileText, Visibility, *ITEMS)
