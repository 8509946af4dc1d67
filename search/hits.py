"""A match of an engine inside the database."""

from typing import NamedTuple


class Hit(NamedTuple):
    """One matching document with what facets, families and order need: in this order a row of the database."""

    number: int
    id: str
    family: str
    language: str
    keys: str
    date: str  # of ISO 8601, which sorts by time; empty if there is none
    weight: float
    score: float
    whole: bool = True  # has all the words that were asked
