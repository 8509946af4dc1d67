"""Questions as the API gives and takes them: codes, never translated labels; every field named."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from qa.choices import Group, Visibility
from qa.models import Question, Snapshot
from qa.rendering import plain
from qa.services import MAX_BODY, MAX_TITLE
from taxonomy.models import Country, Theme


class QuestionEditionSerializer(serializers.ModelSerializer):
    """What was published in one language, as plain text."""

    question = serializers.SerializerMethodField()
    answer = serializers.SerializerMethodField()
    references = serializers.SerializerMethodField(help_text="What the answer cites: resource:343, country:SEN.")

    class Meta:
        model = Snapshot
        fields = ["language", "title", "question", "answer", "answered_by", "references", "published_at"]

    def get_question(self, snapshot: Snapshot) -> str:
        return plain(snapshot.body_md)

    def get_answer(self, snapshot: Snapshot) -> str:
        return plain(snapshot.answer_md)

    def get_references(self, snapshot: Snapshot) -> list[str]:
        return list(dict.fromkeys(f"{each.kind}:{each.code}" for each in snapshot.citations.all()))


class QuestionSerializer(serializers.ModelSerializer):
    """A published question. `editions` are its languages."""

    url = serializers.SerializerMethodField(help_text="Its page here.")
    themes = serializers.SlugRelatedField("slug", many=True, read_only=True)
    countries = serializers.SlugRelatedField("iso3", many=True, read_only=True)
    answered = serializers.DateTimeField(source="first_delivered_at")
    editions = QuestionEditionSerializer(source="published", many=True)

    class Meta:
        model = Question
        fields = ["number", "url", "themes", "countries", "constituent_group", "answered", "editions"]

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, question: Question) -> str:
        return self.context["request"].build_absolute_uri(question.get_absolute_url())


class AskSerializer(serializers.Serializer):
    """A question to send."""

    title = serializers.CharField(max_length=MAX_TITLE, help_text="The question in one sentence.")
    body = serializers.CharField(max_length=MAX_BODY, required=False, default="", help_text="Background.")
    language = serializers.ChoiceField(choices=[code for code, _ in settings.LANGUAGES])
    themes = serializers.SlugRelatedField("slug", many=True, queryset=Theme.objects.all(), allow_empty=False)
    countries = serializers.SlugRelatedField(
        "iso3", many=True, queryset=Country.objects.all(), required=False, default=list
    )
    visibility = serializers.ChoiceField(choices=Visibility.values, default=Visibility.PRIVATE)
    consent = serializers.BooleanField(default=False, help_text="A version without names may be published.")
    constituent_group = serializers.ChoiceField(choices=Group.values, required=False, allow_blank=True, default="")


class SentSerializer(serializers.Serializer):
    """What was sent: its number and its page."""

    number = serializers.IntegerField()
    url = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, question: Any) -> str:
        return self.context["request"].build_absolute_uri(question.get_absolute_url())
