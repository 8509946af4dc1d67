"""Documents made by rule: the same for the same size on every machine, with word frequencies as texts have them.

Words follow Zipf's law (the word of rank r comes with probability proportional to 1/r), each document has 120, and
they are made of syllables, so that none is a stop word and no stemmer of ours cuts one. The documents of a smaller
corpus are the first of a larger one.
"""

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice

WORDS = 50_000  # of the vocabulary
LENGTH = 120  # words of a summary
SEED = 20_261_125
LANGUAGES = ("en", "fr", "es", "pt")
SHARES = (60, 22, 13, 5)  # per cent of the documents
EDITION = 0.05  # share of the documents that are a further edition of the work before
FIRST_YEAR, LAST_YEAR = 1990, 2025
CONSONANTS, VOWELS = "bdfglmnprtvz", "aeiou"


@dataclass(frozen=True)
class Record:
    """One document. Themes and countries are places in whatever list the database has of them."""

    number: int  # from 1
    title: str
    summary: str
    language: str
    year: int
    themes: tuple[int, ...]
    countries: tuple[int, ...]
    edition: bool  # of the same work as the record before


@dataclass(frozen=True)
class Queries:
    """Questions of the five classes that searches are measured by; frequencies are shares of documents."""

    rare: Sequence[str]  # one word, 0.02 to 0.05 %
    mid: Sequence[str]  # one word, about 1 %
    common: Sequence[str]  # one word, 14 to 60 %
    and2: Sequence[str]  # a common and a mid word
    or3: Sequence[str]  # a common, a mid or a rare word


def word(rank: int) -> str:
    """Return the word of a rank, from 0: consonants and vowels in turn, and a last k that no stemmer takes off."""
    pairs, syllables = [c + v for c in CONSONANTS for v in VOWELS], []
    for _ in range(3):
        rank, place = divmod(rank, len(pairs))
        syllables.append(pairs[place])
    return "".join(syllables) + "k"


class Corpus:
    """The documents and questions that a seed gives."""

    def __init__(self, seed: int = SEED) -> None:
        self.seed = seed

    @cached_property
    def words(self) -> list[str]:
        return [word(rank) for rank in range(WORDS)]

    @cached_property
    def weights(self) -> list[float]:
        return list(accumulate(1 / rank for rank in range(1, WORDS + 1)))

    def records(self, count: int) -> Iterator[Record]:
        """Yield the first `count` documents."""
        return islice(self._endless(), count)

    def _endless(self) -> Iterator[Record]:
        chance = random.Random(self.seed)
        number, before = 0, ""
        while True:
            number += 1
            words = chance.choices(self.words, cum_weights=self.weights, k=LENGTH)
            language = chance.choices(LANGUAGES, SHARES)[0]
            edition = chance.random() < EDITION and bool(before) and language != before
            title = " ".join(chance.choices(self.words, cum_weights=self.weights, k=chance.randint(4, 10)))
            yield Record(
                number, f"{title.capitalize()} {number}", _sentences(words), language,
                chance.randint(FIRST_YEAR, LAST_YEAR), (_low(chance),), (_low(chance), _low(chance)), edition,
            )  # fmt: skip
            before = "" if edition else language  # at most two editions of a work

    def words_in(self, low: float, high: float, count: int) -> list[str]:
        """Return up to `count` words that stand in a share of the documents between `low` and `high`, spread evenly."""
        total = self.weights[-1]

        def rank(share: float) -> int:
            """Return the rank from which on words stand in a smaller share: 1 - (1 - p) ** LENGTH = share."""
            chance = 1 - (1 - share) ** (1 / LENGTH)
            return bisect(range(1, WORDS + 1), 1 / (chance * total)) if chance else WORDS

        first, last = rank(high), min(rank(low), WORDS)
        step = max(1, (last - first) // count)
        return self.words[first:last:step][:count]

    def queries(self, count: int = 20) -> Queries:
        rare, mid = self.words_in(0.0002, 0.0005, count), self.words_in(0.009, 0.011, count)
        common = self.words_in(0.14, 0.6, count)
        pairs = zip(common, mid, strict=False)
        triples = zip(common, reversed(mid), rare, strict=False)
        return Queries(rare, mid, common, [" ".join(pair) for pair in pairs], [" OR ".join(three) for three in triples])


def _sentences(words: Sequence[str]) -> str:
    """Return words as sentences of twelve."""
    parts = (words[start : start + 12] for start in range(0, len(words), 12))
    return " ".join(" ".join(part).capitalize() + "." for part in parts)


def _low(chance: random.Random) -> int:
    """Return a place in a list, low ones more often: the use of themes and countries is uneven too."""
    return int(chance.paretovariate(1)) - 1
