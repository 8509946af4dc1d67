"""The vocabulary that corrections are proposed from: the words of all texts, and how texts spell them."""

import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db.models import Max

from core.analysis import spans
from core.entries import AUDIENCES
from search.engines import database_engine
from search.models import Word
from sync.models import Document

SHORTEST, LONGEST = 3, 40  # letters of a word that is kept
LONGEST_SHOWN = 80
CHUNK = 5_000  # words of one statement
WORST = (9, "")
NARROWEST = len(AUDIENCES) - 1
LOOKED_AT = 1_000  # words of one look


def words_of(document: Document) -> set[str]:
    """Return the folded words of a document that may be proposed: no numbers, nothing very short or long."""
    found = set(f"{document.title_words} {document.body_words}".split())
    return {w for w in found if SHORTEST <= len(w) <= LONGEST and not any(char.isdigit() for char in w)}


def learn(documents: Iterable[Document]) -> int:
    """Add the words of these documents, and return how many were new."""
    levels: dict[str, int] = {}
    holders: dict[str, Document] = {}
    read: set[str] = set()  # the documents of one text in several audiences are looked at once, for the widest
    for document in sorted(documents, key=lambda d: AUDIENCES.index(d.audience)):
        if document.hash in read:
            continue
        read.add(document.hash)
        for word in words_of(document) - levels.keys():
            levels[word], holders[word] = AUDIENCES.index(document.audience), document
    known = _levels(levels)
    new = sorted(levels.keys() - known.keys())
    widened = sorted(word for word in known if levels[word] < known[word])
    shown = _spellings({word: holders[word] for word in (*new, *widened)})
    rows = {w: Word(word=w, shown=shown.get(w, w), initial=w[0], size=len(w), level=levels[w]) for w in levels}
    # Another process may be adding the same word.
    Word.objects.bulk_create([rows[word] for word in new], ignore_conflicts=True, batch_size=CHUNK)
    Word.objects.bulk_create(
        [rows[word] for word in widened],
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["word"],
        update_fields=["shown", "level"],  # whoever may know the word now sees it as he may read it
    )
    return len(new)


def _levels(words: Iterable[str]) -> dict[str, int]:
    known: dict[str, int] = {}
    for part in _parts(words):
        known.update(Word.objects.filter(word__in=part).values_list("word", "level"))
    return known


def _parts(words: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(words)
    while part := list(islice(rest, CHUNK)):
        yield part


def _spellings(holders: dict[str, Document]) -> dict[str, str]:
    """Return how the texts spell these words. A capital at the beginning of a sentence says nothing."""
    wanted: dict[int, tuple[Document, set[str]]] = {}
    for word, document in holders.items():
        wanted.setdefault(id(document), (document, set()))[1].add(word)
    best: dict[str, tuple[int, str]] = {}
    for document, words in wanted.values():
        text = "\n".join((document.title, document.summary, document.text))
        for start, end, key, _stem, _stop in spans(text, document.language):
            if key in words and end - start <= LONGEST_SHOWN and best.get(key, WORST)[0]:
                best[key] = min(best.get(key, WORST), _spelling(text, start, end))
    return {word: spelled for word, (_, spelled) in best.items()}


def _spelling(text: str, start: int, end: int) -> tuple[int, str]:
    """Return a word as it stands in a text, after how much that says: 0 the most."""
    word, before = text[start:end], text[max(0, start - 3) : start].strip(' ("“«')
    if not word[1:].islower() or word.islower():
        return int(not word.islower()), word
    return (1, word) if before and before[-1] not in ".!?:;\n" else (2, word.lower())


def learn_everything() -> int:
    """Add the words of all documents there are: after migrations, and when a database was put back."""
    rest = Document.objects.filter(gone=False).order_by("number").iterator(chunk_size=100)
    count = 0
    while part := list(islice(rest, 100)):
        count += learn(part)
    return count


def forget(sample: Sequence[Word] | None = None) -> int:
    """Delete words that no document has any more, by default among a few. Return how many went."""
    if sample is None:
        last = Word.objects.aggregate(last=Max("pk"))["last"] or 0
        sample = Word.objects.filter(pk__gte=random.randint(0, last)).order_by("pk")[:LOOKED_AT]
    words = {row.word: row.pk for row in sample}
    # The staff's index holds every document.
    found = database_engine().word_frequencies(list(words), AUDIENCES[NARROWEST])
    unused = [pk for word, pk in words.items() if not found.get(word)]
    return Word.objects.filter(pk__in=unused).delete()[0] if unused else 0
