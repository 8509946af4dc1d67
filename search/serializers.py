"""The shape of search answers."""

from rest_framework import serializers


class ResultSerializer(serializers.Serializer):
    """One hit: an entry in one language."""

    id = serializers.CharField(help_text="kind:pk")
    kind = serializers.CharField()
    title = serializers.CharField()
    language = serializers.CharField(help_text="BCP 47")
    url = serializers.URLField()
    snippet = serializers.CharField(help_text="HTML: escaped text with <mark>")
    page = serializers.IntegerField(allow_null=True, help_text="on which the snippet stands, in a document with pages")
    date = serializers.CharField(allow_null=True, help_text="as precise as known: 2015, 2015-03 or 2015-03-01")


class FacetValueSerializer(serializers.Serializer):
    """One value of a filter, with the number of hits that choosing it gives."""

    value = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField()


class SearchSerializer(serializers.Serializer):
    """A page of results."""

    count = serializers.IntegerField()
    count_is_exact = serializers.BooleanField()
    corrected = serializers.CharField(allow_null=True, help_text="the question answered, if not as asked")
    did_you_mean = serializers.CharField(allow_null=True, help_text="a question that would find more")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ResultSerializer(many=True)
    facets = serializers.DictField(child=FacetValueSerializer(many=True))
