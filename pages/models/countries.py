"""Country pages, with their schemes."""

from collections.abc import Iterable, Mapping

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.forms import Textarea
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, Page

from core.fields import StreamField
from core.nine import BRANCHES, LABELS
from pages.blocks import CountryBlock
from pages.fields import CodesField
from pages.models.base import Edition
from taxonomy.models import Country

PROGRAMMES = {
    "social-insurance": _("Social insurance"),
    "provident-fund": _("Provident fund"),
    "universal": _("Universal"),
    "social-assistance": _("Social assistance"),
    "employer-liability": _("Employer liability"),
    "individual-account": _("Individual account"),
}
YEARS = [MinValueValidator(1800), MaxValueValidator(2100)]
PERCENT = [MinValueValidator(0), MaxValueValidator(100)]
AGES = [MinValueValidator(40), MaxValueValidator(100)]


class CountryPage(Edition):
    """What is known of social security in one country, in one language: one edition of `country:<pk>`."""

    subject = "country"

    country = models.ForeignKey(Country, verbose_name=_("country"), on_delete=models.PROTECT, related_name="pages")
    body = StreamField(CountryBlock(), verbose_name=_("body"), blank=True)

    template = "pages/country.html"
    parent_page_types = ["pages.CountryIndexPage"]
    subpage_types: list = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("country"),
        *Edition.lead_panels,
        FieldPanel("body"),
        InlinePanel("schemes", heading=_("Schemes"), label=_("Scheme")),
    ]

    class Meta:
        verbose_name = _("country page")
        verbose_name_plural = _("country pages")
        constraints = [
            models.UniqueConstraint(fields=["country", "language"], name="pages_countrypage_one_per_language")
        ]

    def address(self) -> tuple[str, ...] | None:
        return ("countries:detail", self.country.iso3.lower()) if self.country_id else None

    @property
    def nine(self) -> Mapping[str, str]:
        return nine_of(self.schemes.all())


class Scheme(Orderable):
    """What one law or institution provides, for which branches, as a source tells it for one year."""

    class State(models.TextChoices):
        FULL = "full", _("in law")
        HALF = "half", _("for some groups, voluntary, or a pilot")
        HOLLOW = "hollow", _("none, says a source")

    page = ParentalKey(CountryPage, on_delete=models.CASCADE, related_name="schemes")
    branches = CodesField(_("branches"), vocabulary=LABELS)
    state = models.CharField(_("state"), max_length=6, choices=State)
    programmes = CodesField(_("programmes"), vocabulary=PROGRAMMES, blank=True)
    first_law = models.PositiveSmallIntegerField(_("first law"), null=True, blank=True, validators=YEARS)
    laws = models.CharField(
        _("laws in force"),
        max_length=120,
        blank=True,
        validators=[RegexValidator(r"^\d{4}(, \d{4})*\Z", _("Write years, with commas between: 1983, 1995."))],
        help_text=_("Years, with commas between: 1983, 1995."),
    )
    worker_rate = models.DecimalField(
        _("worker's contribution, %"), max_digits=5, decimal_places=2, null=True, blank=True, validators=PERCENT
    )
    employer_rate = models.DecimalField(
        _("employer's contribution, %"), max_digits=5, decimal_places=2, null=True, blank=True, validators=PERCENT
    )
    age_men = models.DecimalField(
        _("pension age of men"), max_digits=4, decimal_places=1, null=True, blank=True, validators=AGES
    )
    age_women = models.DecimalField(
        _("pension age of women"), max_digits=4, decimal_places=1, null=True, blank=True, validators=AGES
    )
    note = models.CharField(_("note"), max_length=600, blank=True)
    source = models.CharField(_("source"), max_length=400)
    source_url = models.URLField(_("address of the source"), max_length=1000, blank=True)
    year = models.PositiveSmallIntegerField(_("as of"), validators=YEARS)

    panels = [
        FieldPanel("branches"),
        FieldRowPanel([FieldPanel("state"), FieldPanel("first_law"), FieldPanel("laws")]),
        FieldPanel("programmes"),
        FieldRowPanel([FieldPanel(n) for n in ("worker_rate", "employer_rate", "age_men", "age_women")]),
        FieldPanel("note", widget=Textarea(attrs={"rows": 2})),
        MultiFieldPanel([FieldPanel("source"), FieldPanel("source_url"), FieldPanel("year")], heading=_("Source")),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")

    def __str__(self) -> str:
        return f"{', '.join(str(LABELS[code]) for code in self.branches)} ({self.year})"


def nine_of(schemes: Iterable[Scheme]) -> Mapping[str, str]:
    """Return the state of each branch that has a scheme: full beats half, half beats hollow."""
    strength = ("hollow", "half", "full")
    states: dict[str, str] = {}
    for scheme in schemes:
        for branch in scheme.branches:
            states[branch] = max(states.get(branch, "hollow"), scheme.state, key=strength.index)
    return {branch: states[branch] for branch in BRANCHES if branch in states}
