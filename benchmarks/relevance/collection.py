"""A judged collection in the common layout: `corpus.jsonl`, `queries.jsonl` and `qrels.tsv`.

    corpus.jsonl    {"_id": "d1", "title": "may be missing", "text": "...", "metadata": {"language": "fr"}}
    queries.jsonl   {"_id": "q1", "text": "...", "metadata": {"language": "fr", "half": "tune"}}
    qrels.tsv       query-id<TAB>corpus-id<TAB>score, with that header; `qrels/test.tsv` does too,
                    and so do the four columns of TREC (query, iteration, document, grade) without a header

`metadata` may be missing: the language is then the run's, and the question belongs to no half.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

QRELS = ("qrels.tsv", "qrels/test.tsv")
HALVES = ("tune", "report")
Judgements = dict[str, dict[str, int]]  # query -> document -> grade, 0 and below: not relevant


class CollectionError(Exception):
    """A file that cannot be used; the message says where and what to do."""


@dataclass(frozen=True)
class Text:
    """One document or question."""

    id: str
    text: str
    title: str = ""
    language: str = ""
    half: str = ""
    line: int = 0


@dataclass(frozen=True)
class Collection:
    """Documents (none if they come from elsewhere), the questions that have relevant documents, and judgements."""

    folder: Path
    documents: list[Text]
    queries: list[Text]
    judgements: Judgements
    unjudged: int  # questions left out, since no document is relevant to them


def read(folder: Path, documents: bool = True) -> Collection:
    """Read a folder. Without `documents` there is no corpus, and judged ids are not compared with one.

    Raises CollectionError.
    """
    corpus = list(_texts(folder / "corpus.jsonl")) if documents else []
    if documents and not corpus:
        raise CollectionError(f"{folder / 'corpus.jsonl'} has no documents: write one a line.")
    queries = {query.id: query for query in _texts(folder / "queries.jsonl")}
    judgements = _judgements(_qrels(folder), set(queries), {text.id for text in corpus} if documents else None)
    asked = [query for query in queries.values() if any(grade > 0 for grade in judgements.get(query.id, {}).values())]
    if not asked:
        raise CollectionError(f"{folder}: no question has a relevant document: there is nothing to measure.")
    return Collection(folder, corpus, asked, judgements, len(queries) - len(asked))


def _texts(path: Path) -> Iterator[Text]:
    seen: dict[str, int] = {}
    for number, line in _lines(path):
        text = _text(path, number, line)
        if text.id in seen:
            raise CollectionError(
                f"{path}, line {number}: _id {text.id!r} stands in line {seen[text.id]} already: give each its own."
            )
        seen[text.id] = number
        yield text


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not empty, with their numbers."""
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise CollectionError(f"{path} is missing: a collection has corpus.jsonl, queries.jsonl, qrels.tsv.") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise CollectionError(f"{path}, line {line}: not UTF-8: save the file as UTF-8.") from None
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            yield number, line


def _text(path: Path, number: int, line: str) -> Text:
    def wrong(what: str) -> CollectionError:
        return CollectionError(f"{path}, line {number}: {what}")

    try:
        row = json.loads(line)
    except ValueError as error:
        raise wrong(f"not JSON ({error}): write one object a line.") from None
    if not isinstance(row, dict):
        raise wrong('not an object: write {"_id": "...", "text": "..."}.')
    doc_id = row.get("_id")
    if isinstance(doc_id, int) and not isinstance(doc_id, bool):
        doc_id = str(doc_id)
    if not isinstance(doc_id, str) or not doc_id or doc_id.split() != [doc_id]:
        raise wrong(f"_id is {doc_id!r}: write a text without spaces.")
    values = {name: "" if row.get(name) is None else row[name] for name in ("title", "text")}
    for name, value in values.items():
        if not isinstance(value, str):
            raise wrong(f"{name} is {value!r}: write a text.")
    if not any(value.strip() for value in values.values()):
        raise wrong(f"{doc_id!r} has neither title nor text: write one or leave it out.")
    metadata: Any = row.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise wrong(f"metadata is {metadata!r}: write an object or leave it out.")
    language, half = metadata.get("language") or "", metadata.get("half") or ""
    if not isinstance(language, str):
        raise wrong(f"the language is {language!r}: write a tag such as fr.")
    if half and half not in HALVES:
        raise wrong(f"the half is {half!r}: write {' or '.join(HALVES)}.")
    return Text(doc_id, values["text"], values["title"], language, half, number)


def _qrels(folder: Path) -> Path:
    for name in QRELS:
        if (folder / name).is_file():
            return folder / name
    raise CollectionError(f"{folder} has no judgements: it needs {' or '.join(QRELS)}.")


def _judgements(path: Path, queries: set[str], documents: set[str] | None) -> Judgements:
    """Read judgements of either form. Equal ones may be repeated, contradicting ones not."""
    found: Judgements = {}
    for place, (number, line) in enumerate(_lines(path)):
        parts = line.split()
        if len(parts) == 4:
            del parts[1]
        if len(parts) != 3:
            raise CollectionError(
                f"{path}, line {number}: {len(parts)} fields: write query-id, corpus-id and score, with tabs between."
            )
        query, document, score = parts
        try:
            grade = int(score)
        except ValueError:
            if place == 0:
                continue  # the header
            raise CollectionError(f"{path}, line {number}: the score is {score!r}: write a whole number.") from None
        if query not in queries:
            raise CollectionError(f"{path}, line {number}: no question {query!r} in queries.jsonl.")
        if documents is not None and document not in documents:
            raise CollectionError(f"{path}, line {number}: no document {document!r} in corpus.jsonl.")
        if found.setdefault(query, {}).setdefault(document, grade) != grade:
            raise CollectionError(f"{path}, line {number}: {query} and {document} have another score above: keep one.")
    return found
