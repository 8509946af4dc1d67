"""What a list shows of one entry, whichever kind it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Item:
    """One row of any list, ready for `components/result.html`. `snippet` and `title_html` are safe HTML."""

    key: str
    kind: str
    kind_label: str
    title: str
    url: str
    language: str = ""
    language_name: str = ""
    dir: str = "ltr"
    title_html: str = ""
    snippet: str = ""
    page: int | None = None  # of a document with pages, on which the snippet stands
    metadata: list[str] = field(default_factory=list)
    year: int | None = None
    nine: Mapping[str, str] = field(default_factory=dict)
    editions: list[tuple[str, str, str]] = field(default_factory=list)  # language name, language, address
    count: int | None = None
    facets: Mapping[str, Any] = field(default_factory=dict)  # what its kind's lists show besides
