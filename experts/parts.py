"""Fetching the parts of profiles: eight tables in one statement."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, F, Field, JSONField, Model, QuerySet, Value
from django.db.models.functions import Cast, JSONObject

from experts.models import ExpertProfile
from experts.models.parts import PARTS


def fetch_parts(profiles: Sequence[ExpertProfile]) -> Sequence[ExpertProfile]:
    """Give each profile its parts as the database holds them, so that reading them needs no further statement."""
    first, *others = (_rows(model, profiles) for model in PARTS)
    found: dict[tuple[int, str], list[Model]] = defaultdict(list)
    models = {model._meta.model_name: model for model in PARTS}
    for profile, name, data in first.union(*others, all=True):
        found[profile, name].append(_part(models[name], data))
    for profile in profiles:
        for name, model in models.items():
            relation = model._meta.get_field("profile").remote_field.related_name
            rows = sorted(found[profile.pk, name], key=lambda part: (getattr(part, "sort_order", None) or 0, part.pk))
            setattr(profile, relation, rows)
    return profiles


def _rows(model: type[Model], profiles: Sequence[ExpertProfile]) -> QuerySet:
    columns = {field.attname: F(field.attname) for field in _columns(model)}
    return (
        model.objects.order_by()
        .filter(profile__in=[profile.pk for profile in profiles])
        .annotate(part=Value(model._meta.model_name, CharField()), data=Cast(JSONObject(**columns), JSONField()))
        .values_list("profile_id", "part", "data")
    )


def _columns(model: type[Model]) -> list[Field]:
    return [field for field in model._meta.concrete_fields if field.name != "profile"]


def _part(model: type[Model], data: Any) -> Model:
    values = json.loads(data) if isinstance(data, str) else data
    part = model(**{field.attname: field.to_python(values[field.attname]) for field in _columns(model)})
    part._state.adding, part._state.db = False, "default"
    return part
