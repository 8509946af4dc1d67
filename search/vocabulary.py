"""The words of all names that an audience may know, kept by each process until a name changes."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from itertools import takewhile

from core.analysis import spans
from core.entries import Audience
from links.models import Name
from links.names import Names


@dataclass(frozen=True)
class NameWords:
    """`shown`: folded word -> how a name writes it; `rows`: names by folded word, `ordered`: these words sorted."""

    mark: str
    shown: dict[str, str]
    rows: dict[str, list[Name]]
    ordered: list[str]
    titles: dict[str, dict[str, Name]]  # key -> language -> chief name
    topics: dict[str, str]  # topic -> key of what it is the topic of

    def title_of(self, key: str, language: str) -> Name | None:
        """Return what a thing is called in a language, else in English, else in any; None if it has no chief name."""
        titles = self.titles.get(key, {})
        return titles.get(language) or titles.get("en") or next(iter(titles.values()), None)

    def title_of_topic(self, topic: str, language: str) -> Name | None:
        """Return what has this topic (`country:sen`) for its own, as `title_of` does."""
        return self.title_of(self.topics.get(topic, ""), language)

    def beginning(self, start: str) -> list[str]:
        """Return the words that begin so."""
        return list(takewhile(lambda w: w.startswith(start), self.ordered[bisect_left(self.ordered, start) :]))


_kept: dict[str, NameWords] = {}  # by audience


def name_words(names: Names, audience: Audience) -> NameWords:
    """Return the words of these names, which are those of an audience."""
    kept = _kept.get(audience)
    if kept is None or kept.mark != names.mark:
        kept = _kept[audience] = _words_of(names)
    return kept


def _words_of(names: Names) -> NameWords:
    shown: dict[str, str] = {}
    rows: dict[str, list[Name]] = defaultdict(list)
    titles: dict[str, dict[str, Name]] = defaultdict(dict)
    topics = {row.topic: row.key for row in names.rows if row.topic}
    for row in names.rows:
        if row.is_title:
            titles[row.key].setdefault(row.language, row)
        for start, end, key, _stem, _stop in spans(row.phrase, row.language):
            shown.setdefault(key, row.phrase[start:end])
            rows[key].append(row)
    return NameWords(names.mark, shown, dict(rows), sorted(rows), dict(titles), topics)
