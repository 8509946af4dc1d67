"""The editors' pages: home, the section of countries, and one page for each country and language.

Wagtail's tree is where editors work; readers get the pages through our own addresses (`pages.views`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.forms import Textarea
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, Page, PageManager, PageViewRestriction, Site

from accounts.audiences import audience_of, readable_by
from core.entries import Audience
from core.fields import StreamField
from core.nine import BRANCHES, LABELS
from pages.blocks import BodyBlock
from pages.fields import CodesField
from pages.previews import PublicPage
from pages.querysets import LOGIN, OPEN, CountryPageQuerySet
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


class OwnAddress(PublicPage):
    """Mixin of page types: their public address is ours, in the page's own language, not one of the tree."""

    def address(self) -> tuple[str, ...] | None:
        """Return name and arguments of the public address; None while there is none."""
        raise NotImplementedError

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        address = self.address()
        roots = [root for root in Site.get_site_root_paths() if self.url_path.startswith(root.root_path)]
        if address is None or not roots:
            return None
        language = self.locale.language_code
        with translation.override(language if language in dict(settings.LANGUAGES) else "en"):
            return roots[0].site_id, roots[0].root_url, reverse(address[0], args=address[1:])


class HomePage(OwnAddress, Page):
    """The root of one language's pages."""

    template = "pages/home.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["pages.CountryIndexPage"]
    max_count = len(settings.LANGUAGES)
    promote_panels: list = []

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def address(self) -> tuple[str, ...]:
        return ("home",)


class CountryIndexPage(OwnAddress, Page):
    """The section that holds one language's country pages."""

    template = "pages/countries.html"
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.CountryPage"]
    max_count_per_parent = 1
    promote_panels: list = []

    class Meta:
        verbose_name = _("section of countries")
        verbose_name_plural = _("sections of countries")

    def address(self) -> tuple[str, ...]:
        return ("countries:list",)


class CountryPage(OwnAddress, Page):
    """What is known of social security in one country, in one language: one edition of `country:<pk>`."""

    country = models.ForeignKey(Country, verbose_name=_("country"), on_delete=models.PROTECT, related_name="pages")
    lead = models.CharField(_("lead"), max_length=400, help_text=_("What to know first, in one to three lines."))
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    reviewed_by = models.CharField(_("reviewed by"), max_length=120, blank=True)
    # The locale's code, repeated from the table of all pages so that this one can be constrained; none for an alias.
    language = models.CharField(max_length=35, null=True, editable=False)

    objects = PageManager.from_queryset(CountryPageQuerySet)()

    template = "pages/country.html"
    parent_page_types = ["pages.CountryIndexPage"]
    subpage_types: list = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("country"),
        FieldPanel("lead", widget=Textarea(attrs={"rows": 3})),
        FieldRowPanel([FieldPanel("reviewed_on"), FieldPanel("reviewed_by")]),
        FieldPanel("body"),
        InlinePanel("schemes", heading=_("Schemes"), label=_("Scheme")),
    ]
    promote_panels: list = []

    class Meta:
        verbose_name = _("country page")
        verbose_name_plural = _("country pages")
        constraints = [
            models.UniqueConstraint(fields=["country", "language"], name="pages_countrypage_one_per_language")
        ]

    def save(self, *args: Any, **kwargs: Any) -> Any:
        if self.locale_id is None:
            self.locale = self.get_default_locale()  # the parent's
        self.language = None if self.alias_of_id else self.locale.language_code
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "language"}
        return super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a second page of the same country and language."""
        super().clean()
        if self.country_id and not self.alias_of_id:
            same = CountryPage.objects.filter(country_id=self.country_id, language=self.locale.language_code)
            if other := same.exclude(pk=self.pk).first():
                message = _("“%(page)s” is this country's page in this language: edit that one.")
                raise ValidationError({"country": message % {"page": other}})

    def address(self) -> tuple[str, ...] | None:
        return ("countries:detail", self.country.iso3.lower()) if self.country_id else None

    @property
    def nine(self) -> Mapping[str, str]:
        return nine_of(self.schemes.all())

    def audience(self) -> Audience:
        """Return the narrowest audience that the restrictions on the page and its ancestors leave."""
        if not self.live:
            return "staff"
        ancestors = [self.path[:end] for end in range(self.steplen, len(self.path) + 1, self.steplen)]
        kinds = PageViewRestriction.objects.filter(page__path__in=ancestors).values_list("restriction_type", flat=True)
        found = set(kinds) - {OPEN}
        return "staff" if found - {LOGIN} else "members" if found else "public"

    def is_visible_to(self, user: Any) -> bool:
        """The twin of `CountryPage.objects.visible_to(user)`."""
        met = (self.live or self.first_published_at is None) and self.alias_of_id is None
        return met and self.audience() in readable_by(audience_of(user))


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
