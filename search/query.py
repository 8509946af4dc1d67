"""A question as it was asked, and its words: pure, without a server."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.analysis import clean
from core.entries import Audience

MAX_LENGTH = 1_000  # characters of a question that are read
MAX_CLAUSES = 200  # of them; `search.rewriting` chooses which words of so long a question are worth asking for
FILTERS = ("kind", "branch", "theme", "country", "language", "year")

QUOTES = '"“”„‟«»＂'
CLAUSE = re.compile(
    rf"(?P<minus>(?<!\S)[-−])?(?:[{QUOTES}](?P<phrase>[^{QUOTES}]*)[{QUOTES}]|(?P<word>[^\s{QUOTES}]+))"
)
OR = {"OR", "OU", "|"}


@dataclass(frozen=True)
class Clause:
    """One word or phrase of a question. Clauses of one `group` are alternatives."""

    text: str
    group: int
    phrase: bool = False
    negative: bool = False
    prefix: bool = False


@dataclass(frozen=True)
class Query:
    """All that decides a result page; equal queries give equal pages."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    audience: Audience = "public"
    language: str = "en"  # the reader's
    sort: str = "relevance"  # or "newest"
    page: int = 1
    own_words: bool = False  # no expansion, no relaxing: "Only my words"

    def without(self, name: str, value: str | None = None) -> "Query":
        """Return the query without one filter, or without one value of it, on its first page."""
        kept = tuple(v for v in self.filters.get(name, ()) if value is not None and v != value)
        return replace(self, filters={**self.filters, name: kept}, page=1)

    def parameters(self) -> list[tuple[str, str]]:
        """Return the query as the parameters of its address, so that every state has one."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, value) for name in FILTERS for value in self.filters.get(name, ())]
        pairs += [("sort", self.sort)] if self.sort != "relevance" else []
        pairs += [("strict", "1")] if self.own_words else []
        pairs += [("page", str(self.page))] if self.page > 1 else []
        return pairs


def parse(text: str) -> list[Clause]:
    """Split a question into clauses: words, "phrases", -not, OR, prefix*. What is unbalanced counts as plain words."""
    clauses: list[Clause] = []
    group, joined = 0, False
    for found in CLAUSE.finditer(clean(text)[:MAX_LENGTH]):
        word, phrase = found["word"], found["phrase"]
        if word in OR:
            joined = bool(clauses)
            continue
        content = (phrase if phrase is not None else word).strip()
        if not content.strip("*-"):
            continue
        if not joined:
            group += 1
        joined = False
        clauses.append(
            Clause(
                text=content.rstrip("*"),
                group=group,
                phrase=phrase is not None,
                negative=bool(found["minus"]),
                prefix=phrase is None and content.endswith("*"),
            )
        )
        if len(clauses) == MAX_CLAUSES:
            break
    return clauses


def query_from(parameters: Mapping[str, Sequence[str]], audience: Audience, language: str) -> Query:
    """Read a query from the lists of an address's parameters. What is malformed counts as not given."""

    def first(name: str) -> str:
        values = parameters.get(name) or [""]
        return values[0]

    page = first("page")
    return Query(
        text=clean(first("q")).strip()[:MAX_LENGTH],
        filters={name: tuple(dict.fromkeys(v for v in parameters.get(name) or () if v)) for name in FILTERS},
        audience=audience,
        language=language,
        sort="newest" if first("sort") == "newest" else "relevance",
        page=min(max(int(page), 1), 1_000) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
        own_words=first("strict") == "1",
    )
