"""What the body of a page is made of. Every fact carries its source and its year."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

TEXT_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link"]
SENTENCE_FEATURES = ["bold", "italic", "link"]
YEARS = {"min_value": 1800, "max_value": 2100}


def unlinked() -> blocks.BooleanBlock:
    """Return the box that keeps one text as its author linked it."""
    return blocks.BooleanBlock(
        label=_("no links to names"),
        help_text=_("Terms, countries and themes named in this text are not linked. Your own links stay."),
        required=False,
        default=False,
    )


class TextBlock(blocks.StructBlock):
    """A section of prose under its heading."""

    heading = blocks.CharBlock(label=_("heading"), required=False)
    text = blocks.RichTextBlock(label=_("text"), features=TEXT_FEATURES)
    unlinked = unlinked()

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "pages/blocks/text.html"


class Figure(blocks.StructValue):
    """A number with its source."""

    @property
    def share(self) -> Decimal | None:
        """The value as a part of 100, where it is one."""
        value = self.get("value")
        return value if self.get("unit") == "%" and value is not None and 0 <= value <= 100 else None


class FigureBlock(blocks.StructBlock):
    value = blocks.DecimalBlock(label=_("value"))
    unit = blocks.CharBlock(label=_("unit"), help_text=_("%, persons, …"))
    label = blocks.CharBlock(label=_("what it counts"))
    source = blocks.CharBlock(label=_("source"))
    source_url = blocks.URLBlock(label=_("address of the source"), required=False)
    year = blocks.IntegerBlock(label=_("year"), **YEARS)

    class Meta:
        value_class = Figure
        label = _("Figure")


class KeyFiguresBlock(blocks.StructBlock):
    """Two to four numbers that tell most."""

    figures = blocks.ListBlock(FigureBlock(), label=_("figures"))

    class Meta:
        icon = "order"
        label = _("Key figures")
        template = "pages/blocks/key_figures.html"


class SchemeTableBlock(blocks.StaticBlock):
    """Says that the page shows its schemes, below the figures; without it they only draw the nine."""

    class Meta:
        icon = "table"
        label = _("Scheme table")
        admin_text = _("The schemes entered below are shown under the key figures.")


class EventBlock(blocks.StructBlock):
    year = blocks.IntegerBlock(label=_("year"), **YEARS)
    text = blocks.CharBlock(label=_("sentence"))
    source = blocks.CharBlock(label=_("source"))
    source_url = blocks.URLBlock(label=_("address of the source"), required=False)

    class Meta:
        label = _("Event")


class TimelineBlock(blocks.StructBlock):
    """Laws and reforms, in order of years."""

    events = blocks.ListBlock(EventBlock(), label=_("events"))

    class Meta:
        icon = "date"
        label = _("Timeline")
        template = "pages/blocks/timeline.html"


class CalloutBlock(blocks.StructBlock):
    """What a reader must not miss: old rates, a gap in the record."""

    heading = blocks.CharBlock(label=_("title"))
    text = blocks.RichTextBlock(label=_("text"), features=SENTENCE_FEATURES)
    unlinked = unlinked()

    class Meta:
        icon = "warning"
        label = _("Callout")
        template = "pages/blocks/callout.html"


class ArticleBlock(blocks.StreamBlock):
    key_figures = KeyFiguresBlock()
    text = TextBlock()
    timeline = TimelineBlock()
    callout = CalloutBlock()


class CountryBlock(blocks.StreamBlock):
    key_figures = KeyFiguresBlock()
    scheme_table = SchemeTableBlock()
    text = TextBlock()
    timeline = TimelineBlock()
    callout = CalloutBlock()
