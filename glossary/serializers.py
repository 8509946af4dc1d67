"""Terms as the API gives them: codes, never translated labels; every field named."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from glossary.headwords import address
from glossary.models import Concept, ConceptRelation, Designation, LanguageSection


class DesignationSerializer(serializers.ModelSerializer):
    forms = serializers.SerializerMethodField(help_text="Inflected forms by which texts mention it.")
    replaced_by = serializers.IntegerField(
        source="replaced_by.number", default=None, help_text="Number of the concept to speak of instead."
    )

    class Meta:
        model = Designation
        fields = [
            "text", "kind", "status", "pos", "gender", "number", "region", "qualifier", "context", "source",
            "link_mode", "forms", "reason", "replaced_by",
        ]  # fmt: skip

    def get_forms(self, designation: Designation) -> list[str]:
        return [form.text for form in designation.forms.all() if form.enabled]


class SectionSerializer(serializers.ModelSerializer):
    designations = DesignationSerializer(many=True)

    class Meta:
        model = LanguageSection
        fields = [
            "language", "state", "definition", "definition_source", "definition_url", "note", "example", "designations",
        ]  # fmt: skip


class RelationSerializer(serializers.ModelSerializer):
    concept = serializers.IntegerField(source="target.number")

    class Meta:
        model = ConceptRelation
        fields = ["kind", "concept"]


class TermSerializer(serializers.ModelSerializer):
    """One concept with the languages that the reader may see."""

    url = serializers.SerializerMethodField(help_text="Its page here.")
    permanent_url = serializers.SerializerMethodField(help_text="The address to cite.")
    replaced_by = serializers.IntegerField(source="replaced_by.number", default=None)
    collections = serializers.SlugRelatedField("slug", many=True, read_only=True)
    themes = serializers.SlugRelatedField("slug", many=True, read_only=True)
    countries = serializers.SlugRelatedField("iso3", many=True, read_only=True)
    relations = RelationSerializer(source="visible_relations", many=True)
    sections = SectionSerializer(source="visible_sections", many=True)
    modified = serializers.DateTimeField(source="last_published_at")

    class Meta:
        model = Concept
        fields = [
            "number", "url", "permanent_url", "status", "reason", "replaced_by", "collections", "themes", "countries",
            "relations", "sections", "modified",
        ]  # fmt: skip

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, concept: Any) -> str:
        heads = {section.language: section.head for section in concept.visible_sections if section.head}
        head = heads.get("en") or next(iter(heads.values()))
        return self.context["request"].build_absolute_uri(address(head.slug, concept.number))

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_permanent_url(self, concept: Concept) -> str:
        return self.context["request"].build_absolute_uri(reverse("glossary-id:concept", args=[concept.number]))
