"""Numbers in addresses: one spelling only, so that every page has one address."""

from django.urls import register_converter


class NumberConverter:
    """A positive number without leading zeros, within what every database holds."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int | str) -> str:
        return str(value)


register_converter(NumberConverter, "number")
