"""What belongs to one resource and is edited with it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from library.choices import Role, Scheme
from library.validators import normalised


class Contribution(Orderable):
    """An agent's part in a resource, in the printed order."""

    resource = ParentalKey("library.Resource", on_delete=models.CASCADE, related_name="contributions")
    role = models.CharField(_("role"), max_length=9, choices=Role, default=Role.AUTHOR)
    agent = models.ForeignKey(
        "library.Agent", verbose_name=_("name"), on_delete=models.PROTECT, related_name="contributions"
    )
    name_as_printed = models.CharField(
        _("name as printed"), max_length=250, blank=True, help_text=_("Only where it differs from the name.")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="library_contribution_role")
        ]

    def __str__(self) -> str:
        return self.printed

    @property
    def printed(self) -> str:
        return self.name_as_printed or self.agent.name


class Identifier(models.Model):
    """A DOI, an ISBN or the number of an ILO instrument. Editions share an instrument's number and nothing else."""

    resource = ParentalKey("library.Resource", on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(pgettext_lazy("of identifiers", "scheme"), max_length=4, choices=Scheme)
    raw = models.CharField(_("as printed"), max_length=200)
    normalised = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        constraints = [
            models.UniqueConstraint(
                fields=["normalised"], condition=~models.Q(scheme=Scheme.ILO), name="library_identifier_once"
            ),
            models.UniqueConstraint(fields=["resource", "normalised"], name="library_identifier_once_here"),
            models.CheckConstraint(condition=models.Q(scheme__in=Scheme.values), name="library_identifier_scheme"),
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.raw}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.normalised = normalised(self.scheme, self.raw)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Normalise, and say whose identifier it is already: the database would only refuse it."""
        if self.scheme not in Scheme.values or not self.raw:
            return
        try:
            self.normalised = normalised(self.scheme, self.raw)
        except ValidationError as error:
            raise ValidationError({"raw": error}) from error
        if self.scheme == Scheme.ILO:
            return
        others = Identifier.objects.filter(normalised=self.normalised).exclude(resource=self.resource_id)
        other = others.select_related("resource").first()
        if other is not None:
            raise ValidationError(
                {"raw": _("Resource %(number)s has this identifier already.") % {"number": other.resource.number}}
            )
