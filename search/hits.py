"""A match of an engine inside the database."""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """One matching document with what facets, families and order need."""

    number: int
    id: str
    family: str
    language: str
    keys: str
    date: datetime.date | None
    weight: float
    score: float
    whole: bool = True  # has all the words that were asked
