"""Experts as the API gives them: from the reader's CV, codes and keys, never translated labels; every field named."""

from typing import Any

from django.http import HttpRequest
from rest_framework import serializers

from experts.cv import CV, cv_of
from experts.models import ExpertProfile


class TextSerializer(serializers.Serializer):
    language = serializers.CharField(help_text="BCP 47.")
    headline = serializers.CharField()
    summary = serializers.CharField()


class ExpertiseSerializer(serializers.Serializer):
    term = serializers.CharField(help_text="The entry's key, as term:58; empty where `topic` says it.")
    topic = serializers.CharField()
    level = serializers.CharField(source="mastery", help_text="awareness, practitioner, expert or authority")
    years = serializers.IntegerField(allow_null=True)
    last_used = serializers.IntegerField(allow_null=True)
    evidence = serializers.ListField(child=serializers.CharField(), help_text="Keys; assignment:1 is one of this CV.")


class AssignmentSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    start = serializers.CharField(help_text="EDTF, as precise as known.")
    end = serializers.CharField(help_text="EDTF; empty while it goes on.")
    title = serializers.CharField()
    role = serializers.CharField()
    client = serializers.CharField()
    countries = serializers.ListField(child=serializers.CharField(), help_text="ISO 3166-1 alpha-3.")
    topics = serializers.ListField(child=serializers.CharField(), help_text="Keys of themes and terms.")
    outputs = serializers.ListField(child=serializers.CharField(), help_text="Keys of resources.")


class PositionSerializer(serializers.Serializer):
    start = serializers.CharField(help_text="EDTF, as precise as known.")
    end = serializers.CharField(help_text="EDTF; empty while it goes on.")
    title = serializers.CharField()
    employer = serializers.CharField()
    country = serializers.CharField(help_text="ISO 3166-1 alpha-3.")
    summary = serializers.CharField()


class EducationSerializer(serializers.Serializer):
    year = serializers.IntegerField(allow_null=True)
    degree = serializers.CharField()
    field = serializers.CharField()
    institution = serializers.CharField()
    country = serializers.CharField(help_text="ISO 3166-1 alpha-3.")


class LanguageSerializer(serializers.Serializer):
    language = serializers.CharField(help_text="BCP 47.")
    mother_tongue = serializers.BooleanField()
    overall = serializers.CharField(help_text="What all skills reach: A1 to C2, native, or empty.")
    listening = serializers.CharField(help_text="CEFR.")
    reading = serializers.CharField(help_text="CEFR.")
    interaction = serializers.CharField(help_text="CEFR.")
    production = serializers.CharField(help_text="CEFR.")
    writing = serializers.CharField(help_text="CEFR.")
    un_level = serializers.CharField(help_text="I to IV.")


class ExperienceSerializer(serializers.Serializer):
    country = serializers.CharField(help_text="ISO 3166-1 alpha-3.")
    months = serializers.IntegerField(allow_null=True)
    last_year = serializers.IntegerField(allow_null=True)


class CVSerializer(serializers.Serializer):
    """What the reader may know of one expert; nothing here reaches a person."""

    public_id = serializers.UUIDField()
    url = serializers.SerializerMethodField()
    name = serializers.CharField()
    sample = serializers.BooleanField(source="is_sample", help_text="An invented person.")
    confirmed = serializers.DateTimeField(source="confirmed_at", allow_null=True)
    residence = serializers.CharField(help_text="ISO 3166-1 alpha-3, or empty.")
    language = serializers.CharField(help_text="Of assignments, positions and education.")
    countries = serializers.ListField(child=serializers.CharField(), help_text="Where the expert worked.")
    texts = TextSerializer(many=True)
    expertise = ExpertiseSerializer(many=True)
    assignments = AssignmentSerializer(many=True)
    positions = PositionSerializer(many=True)
    education = EducationSerializer(many=True)
    languages = LanguageSerializer(many=True)
    experience = ExperienceSerializer(many=True)

    def to_representation(self, instance: ExpertProfile) -> dict[str, Any]:
        request: HttpRequest = self.context["request"]
        return super().to_representation(cv_of(instance, instance.levels_of(request.user)))

    def get_url(self, cv: CV) -> str:
        return self.context["request"].build_absolute_uri(cv.address)
