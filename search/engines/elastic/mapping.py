"""How documents stand in Elasticsearch: ready tokens, strictly mapped; names of indices and aliases."""

import hashlib
import json
from typing import Any

from django.conf import settings

from core.entries import AUDIENCES
from search.engines.replica import hash32
from sync.documents import FORM
from sync.models import Document

K1, B = 1.2, 0.75
KEYWORD = {"type": "keyword"}
# The tokens are ready, so the analyser only splits at spaces.
TOKENS = {"type": "text", "analyzer": "whitespace", "index_options": "positions"}

MAPPING: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        "id": {"type": "keyword"},
        "key": KEYWORD,
        "version": {"type": "long"},
        "hash32": {"type": "long"},
        "bucket": {"type": "short"},
        "gone": {"type": "boolean"},
        "number": {"type": "long"},
        "family": KEYWORD,
        "language": KEYWORD,
        "keys": KEYWORD,
        "facets": KEYWORD,
        "years": {"type": "integer"},
        "date": {"type": "date"},
        "weight": {"type": "float"},
        # Title and text in one field each: one length, one count of a word, as BM25 wants them.
        "stems": TOKENS,
        "words": TOKENS,
        "title_stems": TOKENS,
        "title_words": TOKENS,
    },
}
INDEX: dict[str, Any] = {
    "number_of_shards": 1,
    "refresh_interval": "1s",
    "similarity": {"default": {"type": "BM25", "k1": K1, "b": B}},
}
FACETS = ("kind", "language", "theme", "country")  # filters whose values are key tokens


def form() -> str:
    """Return the hash of all that decides how documents stand here."""
    whole = json.dumps([MAPPING, INDEX, FORM], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def index_name(generation: int, audience: str) -> str:
    return f"{settings.ELASTICSEARCH_PREFIX}-{generation}-{audience}"


def write_alias(generation: int, audience: str) -> str:
    """Return the alias that a generation is written by: `require_alias` then makes sure that no index is guessed."""
    return f"{index_name(generation, audience)}-write"


def read_alias(audience: str) -> str:
    return f"{settings.ELASTICSEARCH_PREFIX}-{audience}"


def body(document: Document) -> dict[str, Any]:
    """Return what is written of a document. A tombstone says only what it is and how new."""
    found: dict[str, Any] = {
        "id": document.id,
        "key": document.key,
        "version": document.version,
        "hash32": hash32(document.hash),
        "bucket": document.bucket,
        "gone": document.gone,
    }
    if document.gone:
        return found
    tokens = document.keys.split()
    return found | {
        "number": document.number,
        "family": document.family,
        "language": document.language,
        "keys": tokens,
        "facets": [token for token in tokens if token.partition(":")[0] in FACETS],
        "years": [int(token[5:]) for token in tokens if token.startswith("year:")],
        "date": document.date.isoformat() if document.date else None,
        "weight": document.weight,
        "stems": [document.title_stems, document.body_stems],
        "words": [document.title_words, document.body_words],
        "title_stems": document.title_stems,
        "title_words": document.title_words,
    }


def indices(generation: int) -> list[str]:
    return [index_name(generation, audience) for audience in AUDIENCES]
