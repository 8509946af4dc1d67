"""Model fields that several apps use."""

from typing import Any

from wagtail import fields


class StreamField(fields.StreamField):
    """Wagtail's StreamField, whose block definitions stay out of migrations: a changed block changes no table."""

    def __init__(self, block_types: Any = (), **kwargs: Any) -> None:
        super().__init__(block_types, **kwargs)

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup")
        return name, path, [], kwargs
