"""Searches that found nothing, kept for editors: never who asked, nor what looks like a person's own data.

A reader never waits for this, and never gets an error because of it.
"""

import datetime
import logging
import re
from unicodedata import category

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from search.models import Miss
from search.query import QUOTES
from search.results import Results
from sync.drain import short_lock_wait

logger = logging.getLogger(__name__)
LONGEST, MOST_WORDS = 80, 8  # of a question that is kept: longer ones tell a story
DAYS = 180  # after the last time that it was asked
MOST = 10_000  # rows: who types at random must not fill the database
AROUND = f"{QUOTES}.,;:!?¿¡()"  # of a word: no part of it
INSIDE = "'’.-"
UPSERT = """
INSERT INTO search_miss (text, language, count, first_on, last_on) VALUES (%s, %s, 1, %s, %s)
ON CONFLICT (text, language) DO UPDATE SET count = search_miss.count + 1, last_on = excluded.last_on
"""


def record(results: Results) -> None:
    """Keep the question of a first page without filters that found nothing, unless the staff asked it."""
    query = results.query
    if results.count or query.page > 1 or query.own_words or any(query.filters.values()) or query.audience == "staff":
        return
    text = harmless(query.text)
    if not text:
        return
    today = timezone.localdate()
    try:
        with short_lock_wait(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(UPSERT, [text, query.language, today, today])
    except DatabaseError as error:
        logger.warning("A search without results was not kept: %s", error)


def harmless(text: str) -> str | None:
    """Return a question in lower case with single spaces; None if it may hold a person's data or is no plain words.

    Dropped: all with @ or /, with more than four digits in one place or eight in all, with more than 8 words or 80
    characters, and what is no whole word.
    """
    words = [word for typed in text.lower().split() if (word := typed.strip(AROUND))]
    plain = " ".join(words)
    if not words or len(words) > MOST_WORDS or len(plain) > LONGEST:
        return None
    if not all(map(_is_word, words)) or not any(map(str.isalpha, plain)):
        return None
    digits = [len(run) for run in re.findall(r"\d+", plain)]
    return None if max(digits, default=0) > 4 or sum(digits) > 8 else plain


def _is_word(word: str) -> bool:
    """Say whether this is written with letters, their marks and digits, and begins with a letter or digit."""
    return word[0].isalnum() and all(c.isalnum() or c in INSIDE or category(c)[0] == "M" for c in word)


def expire(today: datetime.date | None = None) -> int:
    """Delete what nobody has asked for half a year, and beyond so many rows what was asked longest ago."""
    oldest = (today or timezone.localdate()) - datetime.timedelta(days=DAYS)
    count = Miss.objects.filter(last_on__lt=oldest).delete()[0]
    beyond = Miss.objects.order_by("-last_on", "-count", "-pk").values_list("pk", flat=True)[MOST:]
    return count + Miss.objects.filter(pk__in=list(beyond)).delete()[0]
