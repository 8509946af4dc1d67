"""Numbers in addresses: one spelling only, so that every page has one address."""

from django.urls import register_converter

NUMBER = "[1-9][0-9]{0,8}"  # as a regular expression: positive, no leading zeros, within what every database holds


class NumberConverter:
    """A number as `NUMBER` spells it."""

    regex = NUMBER

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int | str) -> str:
        return str(value)


register_converter(NumberConverter, "number")
