"""Themes (a tree) and countries (ISO 3166-1), named in the three interface languages."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

MAX_DEPTH = 4  # levels of the theme tree; capture follows a moved theme down this far


class Region(models.TextChoices):
    """The regions of the ILO."""

    AFRICA = "africa", _("Africa")
    AMERICAS = "americas", _("Americas")
    ARAB_STATES = "arab-states", _("Arab States")
    ASIA_PACIFIC = "asia-pacific", _("Asia and the Pacific")
    EUROPE_CENTRAL_ASIA = "europe-central-asia", _("Europe and Central Asia")


class IncomeGroup(models.TextChoices):
    """The income groups of the World Bank."""

    LOW = "low", _("Low income")
    LOWER_MIDDLE = "lower-middle", _("Lower middle income")
    UPPER_MIDDLE = "upper-middle", _("Upper middle income")
    HIGH = "high", _("High income")


class Named(models.Model):
    """Something with a name in each interface language."""

    name_en = models.CharField(_("name (English)"), max_length=120)
    name_fr = models.CharField(_("name (French)"), max_length=120)
    name_es = models.CharField(_("name (Spanish)"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_in(get_language() or "en")

    def name_in(self, language: str) -> str:
        """Return the name in `language`, or in English where the language is none of the interface's."""
        return getattr(self, f"name_{language[:2]}", self.name_en)

    @property
    def names(self) -> dict[str, str]:
        return {"en": self.name_en, "fr": self.name_fr, "es": self.name_es}


class Theme(Named):
    """A subject of social security. The roots only group: branches, instruments, groups, systems."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("parent"), on_delete=models.PROTECT, related_name="children", null=True, blank=True
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("theme")
        verbose_name_plural = _("themes")

    def clean(self) -> None:
        """Refuse a loop, and a tree deeper than capture follows."""
        seen, theme = {self.pk}, self.parent
        while theme is not None:
            if theme.pk in seen:
                raise ValidationError({"parent": _("A theme cannot stand below itself.")})
            seen.add(theme.pk)
            theme = theme.parent
        if len(seen) > MAX_DEPTH:
            raise ValidationError({"parent": _("The theme tree has at most %(depth)s levels.") % {"depth": MAX_DEPTH}})


class Country(Named):
    """A country or territory of ISO 3166-1; being listed implies no view on its status."""

    iso3 = models.CharField(
        _("ISO 3166-1 alpha-3 code"),
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Write the code as three capital letters: SEN."))],
    )
    iso2 = models.CharField(
        _("ISO 3166-1 alpha-2 code"),
        max_length=2,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Write the code as two capital letters: SN."))],
    )
    region = models.CharField(_("region"), max_length=20, choices=Region, blank=True)
    income_group = models.CharField(_("income group"), max_length=14, choices=IncomeGroup, blank=True)

    class Meta:
        ordering = ["name_en"]
        verbose_name = _("country")
        verbose_name_plural = _("countries")
