"""What the API tells about countries and themes."""

from typing import Any

from django.urls import reverse
from django.utils.translation import override
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.text import plain_text
from pages import facts
from pages.models import CountryPage, Edition, Scheme, ThemePage
from taxonomy.models import Country, Theme


class NamesSerializer(serializers.Serializer):
    en = serializers.CharField()
    fr = serializers.CharField()
    es = serializers.CharField()


class FigureSerializer(serializers.Serializer):
    """A number with its source."""

    value = serializers.DecimalField(max_digits=20, decimal_places=None)
    unit = serializers.CharField()
    label = serializers.CharField()
    source = serializers.CharField()
    source_url = serializers.CharField(allow_blank=True)
    year = serializers.IntegerField()


class EventSerializer(serializers.Serializer):
    year = serializers.IntegerField()
    text = serializers.CharField()
    source = serializers.CharField()
    source_url = serializers.CharField(allow_blank=True)


class SchemeSerializer(serializers.ModelSerializer):
    class Meta:
        model = Scheme
        fields = [
            *("branches", "state", "programmes", "first_law", "laws", "worker_rate", "employer_rate"),
            *("age_men", "age_women", "note", "source", "source_url", "year"),
        ]


class PageTextSerializer(serializers.Serializer):
    """A section of prose or a callout, as plain text."""

    heading = serializers.CharField(source="value.heading")
    text = serializers.SerializerMethodField()

    def get_text(self, block: Any) -> str:
        return plain_text(block.value["text"].source)


class EditionSerializer(serializers.ModelSerializer):
    """What the editions of all pages tell."""

    url = serializers.SerializerMethodField()
    figures = serializers.SerializerMethodField()
    events = serializers.SerializerMethodField()
    texts = serializers.SerializerMethodField()

    def get_url(self, page: Edition) -> str:
        name, *arguments = page.address()
        with override(page.language):
            path = reverse(name, args=arguments)
        return self.context["request"].build_absolute_uri(path)

    @extend_schema_field(FigureSerializer(many=True))
    def get_figures(self, page: Edition) -> list[dict[str, Any]]:
        return FigureSerializer(facts.children(page, "key_figures", "figures"), many=True).data

    @extend_schema_field(EventSerializer(many=True))
    def get_events(self, page: Edition) -> list[dict[str, Any]]:
        return EventSerializer(facts.children(page, "timeline", "events"), many=True).data

    @extend_schema_field(PageTextSerializer(many=True))
    def get_texts(self, page: Edition) -> list[dict[str, Any]]:
        return PageTextSerializer([b for b in page.body if b.block_type in ("text", "callout")], many=True).data


EDITION_FIELDS = ["language", "title", "url", "lead", "reviewed_on", "reviewed_by", "figures", "events", "texts"]


class CountryEditionSerializer(EditionSerializer):
    """One edition of a country's page."""

    schemes = SchemeSerializer(many=True)

    class Meta:
        model = CountryPage
        fields = [*EDITION_FIELDS, "schemes"]


class ThemeEditionSerializer(EditionSerializer):
    """One edition of a theme's page."""

    key_resources = serializers.SerializerMethodField(help_text="Numbers of the resources that the editors recommend")

    class Meta:
        model = ThemePage
        fields = [*EDITION_FIELDS, "key_resources"]

    def get_key_resources(self, page: ThemePage) -> list[int]:
        return [chosen.resource.number for chosen in page.key_resources.all()]


class CountrySerializer(serializers.ModelSerializer):
    """A country or territory, with the editions of its page that the caller may see."""

    names = NamesSerializer()
    url = serializers.SerializerMethodField()
    nine = serializers.SerializerMethodField(help_text="State of each recorded branch: full, half or hollow")
    pages = CountryEditionSerializer(source="visible_pages", many=True)

    class Meta:
        model = Country
        fields = ["iso3", "iso2", "names", "region", "income_group", "url", "nine", "pages"]

    def get_url(self, country: Country) -> str:
        with override("en"):
            path = reverse("countries:detail", args=[country.iso3.lower()])
        return self.context["request"].build_absolute_uri(path)

    def get_nine(self, country: Country) -> dict[str, str]:
        return dict(country.visible_pages[0].nine) if country.visible_pages else {}


class ThemeSerializer(serializers.ModelSerializer):
    """A theme, with the editions of its page that the caller may see."""

    names = NamesSerializer()
    parent = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    url = serializers.SerializerMethodField()
    pages = ThemeEditionSerializer(source="visible_pages", many=True)

    class Meta:
        model = Theme
        fields = ["slug", "names", "parent", "url", "pages"]

    def get_url(self, theme: Theme) -> str:
        with override("en"):
            path = reverse("themes:detail", args=[theme.slug])
        return self.context["request"].build_absolute_uri(path)
