"""From entries to documents: pure, and the same for one change, for a rebuild and for the check."""

import hashlib
import json
import zlib
from collections.abc import Iterable
from dataclasses import asdict, replace

from accounts.audiences import readable_by
from core.analysis import fold, identifiers, keys, stems
from core.entries import AUDIENCES, Entry
from sync.models import Document

BUCKETS = 1024
MAX_WORDS = 60_000  # of one text; PostgreSQL takes 1 MB a vector. Longer texts are found by their beginning.
MAX_TEXT = 500_000  # characters of a summary or a text: analysing 50 MB would hold up readers for minutes
MAX_KEY = 120  # characters of a key token
FORM = "2"  # raise it when the same entry must give other documents: every hash differs then


def document_id(audience: str, key: str, language: str) -> str:
    return f"{audience}:{key}:{language}"


def title_key(title: str, language: str) -> str:
    """Return the token that finds a title word by word, whatever stands in the text."""
    words = " ".join(keys(title, language)).encode()
    return f"title:{hashlib.sha256(words).hexdigest()[:12]}"


def bounded(entry: Entry) -> Entry:
    """Return the entry with its texts cut to what is indexed: longer ones are found by their beginning."""
    if len(entry.summary) <= MAX_TEXT and len(entry.text) <= MAX_TEXT:
        return entry
    return replace(entry, summary=entry.summary[:MAX_TEXT], text=entry.text[:MAX_TEXT])


def documents_of(key: str, version: int, entries: Iterable[Entry]) -> dict[str, Document]:
    """Return the documents of one key by id. Each audience's index takes the narrowest entry that it may read."""
    chosen: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda e: AUDIENCES.index(e.audience)):
        if entry.key != key:
            raise ValueError(f"The source of {key} made an entry of {entry.key}.")
        for audience in AUDIENCES:
            if entry.audience in readable_by(audience):
                chosen[document_id(audience, key, entry.language)] = entry
    # Several audiences mostly share one entry: what takes time is derived from it once.
    derived = {number: _derived(entry) for number, entry in {id(entry): entry for entry in chosen.values()}.items()}
    return {doc_id: _document(doc_id, version, entry, derived[id(entry)]) for doc_id, entry in sorted(chosen.items())}


def entry_hash(entry: Entry) -> str:
    """Return the hash of all that an entry says, independent of who builds it and when."""
    content = {**asdict(entry), "form": FORM}
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _document(doc_id: str, version: int, entry: Entry, derived: dict[str, str]) -> Document:
    return Document(
        id=doc_id,
        key=entry.key,
        audience=doc_id.partition(":")[0],
        kind=entry.kind,
        language=entry.language,
        version=version,
        bucket=zlib.crc32(doc_id.encode()) % BUCKETS,
        family=entry.family,
        title=entry.title,
        summary=entry.summary,
        text=entry.text,
        route=list(entry.route),
        themes=list(entry.themes),
        countries=list(entry.countries),
        facets=dict(entry.facets),
        date=entry.date,
        weight=entry.weight,
        **derived,
    )


def _derived(entry: Entry) -> dict[str, str]:
    """Return the hash of an entry and its tokens."""
    body = f"{entry.summary}\n{entry.text}"
    return {
        "hash": entry_hash(entry),
        "title_stems": " ".join(stems(entry.title, entry.language)),
        "title_words": " ".join(keys(entry.title, entry.language)),
        "body_stems": " ".join(stems(body, entry.language)[:MAX_WORDS]),
        "body_words": " ".join(keys(body, entry.language)[:MAX_WORDS]),
        "keys": " ".join(_keys(entry)),
    }


def _keys(entry: Entry) -> list[str]:
    """Return what filters and exact hits ask for, as tokens: `kind:resource theme:maternity year:2015 ilo:c102`."""
    found = [f"kind:{entry.kind}", f"language:{entry.language}"]
    found += [f"theme:{slug}" for slug in entry.themes]
    found += [f"country:{code}" for code in entry.countries]
    if "year" in entry.facets:
        found.append(f"year:{entry.facets['year']}")
    found += entry.identifiers
    # Texts that name an instrument are found by its number, after the instrument itself.
    text = f"{entry.title}\n{entry.summary}\n{entry.text}"
    found += sorted({f"in:{name}" for name in identifiers(text) if name.startswith("ilo:")})
    found.append(title_key(entry.title, entry.language))
    return [fold(token).replace(" ", "_")[:MAX_KEY] for token in found]
