"""Resources as the API gives them: codes, never translated labels; every field named."""

from collections.abc import Iterable

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from library.models import Contribution, Identifier, Resource


class ContributionSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="printed", help_text="As printed.")
    kind = serializers.CharField(source="agent.kind", help_text="person or organisation")
    agent = serializers.IntegerField(source="agent_id", help_text="For the filter `agent`.")

    class Meta:
        model = Contribution
        fields = ["role", "name", "kind", "agent"]


class IdentifierSerializer(serializers.ModelSerializer):
    value = serializers.CharField(source="raw", help_text="As printed.")

    class Meta:
        model = Identifier
        fields = ["scheme", "value", "normalised"]


class EditionSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    language = serializers.CharField(help_text="BCP 47.")
    url = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, edition: Resource) -> str:
        return self.context["request"].build_absolute_uri(edition.get_absolute_url())


class ResourceSerializer(serializers.ModelSerializer):
    """One language edition."""

    url = serializers.SerializerMethodField(help_text="Its page here.")
    permanent_url = serializers.SerializerMethodField(help_text="The address to cite.")
    address = serializers.URLField(source="url", help_text="A page of the work itself, elsewhere.")
    date = serializers.CharField(help_text="EDTF, as precise as known: 2019, 2019-11 or 2019-11-25.")
    themes = serializers.SlugRelatedField("slug", many=True, read_only=True)
    countries = serializers.SlugRelatedField("iso3", many=True, read_only=True)
    contributions = ContributionSerializer(many=True)
    identifiers = IdentifierSerializer(many=True)
    editions = serializers.SerializerMethodField(help_text="The other language editions of the work.")
    modified = serializers.DateTimeField(source="last_published_at")

    class Meta:
        model = Resource
        fields = [
            "number", "url", "permanent_url", "type", "language", "is_original", "title", "subtitle", "abstract",
            "contributions", "authors_incomplete", "date", "year", "place", "series", "series_number", "pages",
            "identifiers", "address", "themes", "countries", "editions", "checked", "modified",
        ]  # fmt: skip

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, resource: Resource) -> str:
        return self.context["request"].build_absolute_uri(resource.get_absolute_url())

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_permanent_url(self, resource: Resource) -> str:
        return self.context["request"].build_absolute_uri(reverse("permanent:resource", args=[resource.number]))

    @extend_schema_field(EditionSerializer(many=True))
    def get_editions(self, resource: Resource) -> list[dict]:
        others: Iterable[Resource] = (e for e in resource.work.visible_editions if e.pk != resource.pk)
        return EditionSerializer(others, many=True, context=self.context).data
