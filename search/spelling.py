"""What a reader probably meant to type: the nearest known word for each that is unknown, or much rarer than it.

Only words that stand in the reader's own index now, or in names that he may know, are ever proposed. Never corrected:
quoted phrases, beginnings, exclusions, stop words, and what holds a digit: identifiers and numbers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.analysis import clean, spans, stems
from core.entries import AUDIENCES, Audience
from links.names import Names
from search.engines import database_engine
from search.models import Word
from search.query import CLAUSE, MAX_CLAUSES, MAX_LENGTH, OR, Query
from search.rewriting import languages_asked
from search.vocabulary import name_words

RARER = 20  # times that a word must be rarer than what is proposed for it
PROPOSALS = 40  # of one word, that are counted
Spelling = dict[str, str]  # folded word -> how it is written


@dataclass(frozen=True)
class Correction:
    """The whole question with better words; `unknown`: one of the words replaced stands nowhere."""

    text: str
    unknown: bool
    at_once: bool = False  # its results are shown instead of those of the question as typed
    in_vain: bool = False  # nothing has all the words as typed


@dataclass(frozen=True)
class Suspect:
    """A word of a question, and where it stands there."""

    start: int
    end: int
    key: str
    stems: frozenset[str]


@dataclass(frozen=True)
class Proposal:
    word: str
    shown: str
    distance: int


def correct(query: Query, names: Names) -> Correction | None:
    """Return the question as it was probably meant, or None: three statements at most."""
    text = clean(query.text)[:MAX_LENGTH]
    languages = languages_asked(query.language, query.filters.get("language", ()))
    suspects = list(_suspects(text, languages))
    named = name_words(names, query.audience).shown
    known = _known_like(suspects, query.audience) | named if suspects else {}
    near = {s: found for s in suspects if (found := _nearest(s, known, languages))}
    if not near:
        return None
    engine = database_engine()
    stemmed = engine.frequencies(sorted(frozenset[str]().union(*(s.stems for s in near))), query.audience)
    words = {s.key for s in near} | {proposal.word for found in near.values() for proposal in found}
    counts = dict.fromkeys(named.keys() & words, 1) | engine.word_frequencies(sorted(words), query.audience)
    better, unknown = {}, False
    for suspect, proposals in near.items():
        count = max([counts.get(suspect.key, 0), *(stemmed.get(stem, 0) for stem in suspect.stems)])
        likely = [p for p in proposals if counts.get(p.word, 0) >= max(1, RARER * count)]
        if likely:
            better[suspect] = min(likely, key=lambda p: (p.distance, -counts[p.word], p.word)).shown
            unknown = unknown or not count
    return Correction(_replaced(text, better), unknown) if better else None


def _replaced(text: str, better: Mapping[Suspect, str]) -> str:
    parts, place = [], 0
    for suspect in sorted(better, key=lambda s: s.start):
        parts += [text[place : suspect.start], better[suspect]]
        place = suspect.end
    return "".join([*parts, text[place:]])


def _suspects(text: str, languages: tuple[str, ...]) -> Iterator[Suspect]:
    """Yield the words that may be corrected."""
    for clause in list(CLAUSE.finditer(text))[:MAX_CLAUSES]:
        word = clause["word"]
        if not word or word in OR or clause["minus"] or word.endswith("*") or any(char.isdigit() for char in word):
            continue
        for start, end, key, _stem, stop in spans(word, languages[0]):
            if not stop and _slips(key):
                place = clause.start("word") + start
                yield Suspect(place, place + end - start, key, _stems(word[start:end], languages))


def _slips(word: str) -> int:
    """Return how many slips a word of this length may hold."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def _stems(word: str, languages: tuple[str, ...]) -> frozenset[str]:
    return frozenset(stem for language in languages for stem in stems(word, language))


def _known_like(suspects: Sequence[Suspect], audience: Audience) -> Spelling:
    """Return the kept words that begin like one of these and are about as long."""
    alike = Q(pk__in=[])
    for initial, size in {(s.key[0], len(s.key)) for s in suspects}:
        alike |= Q(initial=initial, size__range=(size - 2, size + 2))
    rows = Word.objects.filter(alike, level__lte=AUDIENCES.index(audience))
    return dict(rows.values_list("word", "shown"))


def _nearest(suspect: Suspect, known: Spelling, languages: tuple[str, ...]) -> list[Proposal]:
    """Return the words that resemble one most, without its own other forms: those are found by their stem."""
    key = suspect.key
    others = [word for word in known if word[0] == key[0] and word != key]
    found = process.extract(key, others, scorer=OSA.distance, score_cutoff=_slips(key), limit=PROPOSALS, processor=None)
    return [
        Proposal(word, known[word], int(distance))
        for word, distance, _ in found
        if suspect.stems.isdisjoint(_stems(known[word], languages))
    ]
