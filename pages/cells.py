"""The cells of the country tables, checked and brought into the form that pages hold."""

import re
from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from core.loading import Row, RowError
from core.nine import BRANCHES
from pages.models import PROGRAMMES, Scheme

RESOURCE = re.compile(r"b[0-9]{4,}")
check_address = URLValidator(schemes=["http", "https"])


def figure(row: Row) -> dict[str, Any]:
    return {
        "value": number(row, "value", required=True),
        "unit": text(row, "unit"),
        "label": text(row, "label"),
        **_source(row),
        "year": year(row, "year", required=True),
    }


def event(row: Row) -> dict[str, Any]:
    return {"year": year(row, "year", required=True), "text": text(row, "text"), **_source(row)}


def scheme(row: Row) -> dict[str, Any]:
    state = text(row, "state")
    if state not in Scheme.State.values:
        raise _error(row, f"state {state!r} is unknown: use one of {', '.join(Scheme.State.values)}")
    return {
        "branches": codes(row, "branches", BRANCHES, required=True),
        "state": state,
        "programmes": codes(row, "programmes", tuple(PROGRAMMES)),
        "first_law": year(row, "first_law"),
        "laws": ", ".join(_years(row, "laws")),
        **{name: number(row, name) for name in ("worker_rate", "employer_rate", "age_men", "age_women")},
        "note": row.values["note"],
        **_source(row),
        "year": year(row, "year", required=True),
    }


def resource_number(row: Row) -> int:
    value = text(row, "resource")
    if not RESOURCE.fullmatch(value):
        raise _error(row, f"resource {value!r} is no id of resources.csv: write b and at least four digits, as b0343")
    return int(value[1:])


def text(row: Row, name: str) -> str:
    if not row.values[name]:
        raise _error(row, f"{name} is empty: every row needs it")
    return row.values[name]


def number(row: Row, name: str, required: bool = False) -> str | None:
    """Return a decimal number as it is written shortest ("8.40" is "8.4"), or None for an empty cell."""
    value = text(row, name) if required else row.values[name]
    if not value:
        return None
    try:
        return shortest(Decimal(value))
    except InvalidOperation:
        raise _error(row, f"{name} {value!r} is no number: write it with a point, as 8.4") from None


def shortest(value: Decimal) -> str:
    if not value.is_finite():
        raise InvalidOperation
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def year(row: Row, name: str, required: bool = False) -> int | None:
    value = text(row, name) if required else row.values[name]
    if not value:
        return None
    if not (len(value) == 4 and value.isdecimal() and 1800 <= int(value) <= 2100):
        raise _error(row, f"{name} {value!r} is no year between 1800 and 2100")
    return int(value)


def codes(row: Row, name: str, known: Collection[str], required: bool = False) -> list[str]:
    """Return the codes of a cell in the vocabulary's order."""
    found = [code.strip() for code in row.values[name].split(";") if code.strip()]
    unknown = [code for code in found if code not in known]
    if unknown or (required and not found):
        wrong = f"{', '.join(unknown)} is unknown" if unknown else "empty"
        raise _error(row, f"{name}: {wrong}; use one or more of {', '.join(known)}, with ; between")
    return [code for code in known if code in found]


def position(row: Row) -> int:
    value = row.values["position"]
    if not value.isdecimal():
        raise _error(row, f"position {value!r} is no whole number: count the rows from 1")
    return int(value)


def _years(row: Row, name: str) -> list[str]:
    values = [value.strip() for value in row.values[name].split(";") if value.strip()]
    if any(not (len(value) == 4 and value.isdecimal()) for value in values):
        raise _error(row, f"{name} {row.values[name]!r}: write years with ; between, as 1983;1995")
    return values


def _source(row: Row) -> dict[str, str]:
    address = row.values["source_url"]
    if address:
        try:
            check_address(address)
        except ValidationError:
            raise _error(row, f"source_url {address!r} is no address: write it whole, with https://") from None
    return {"source": text(row, "source"), "source_url": address}


def _error(row: Row, reason: str) -> RowError:
    return RowError(f"{row.file.name}, line {row.line}: {reason}")
