"""What the head of a page says, read as a strict program reads it."""

import json
from html.parser import HTMLParser
from typing import Any


class Head(HTMLParser):
    """Collects links, meta tags and scripts of one page."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.links: list[dict[str, str]] = []
        self.metas: list[tuple[str, str]] = []
        self.languages: dict[str, str] = {}
        self.scripts: list[tuple[dict[str, str], str]] = []
        self._open = False
        assert response.status_code == 200, response.status_code
        self.feed(response.content.decode())

    def handle_starttag(self, tag: str, attrs: list) -> None:
        found = dict(attrs)
        if tag == "link":
            self.links.append(found)
        elif tag == "meta":
            name = found.get("name") or found.get("property") or ""
            self.metas.append((name, found.get("content", "")))
            if "lang" in found:
                self.languages[name] = found["lang"]
        elif tag == "script":
            self.scripts.append((found, ""))
            self._open = True

    def handle_data(self, data: str) -> None:
        if self._open:
            attributes, text = self.scripts[-1]
            self.scripts[-1] = (attributes, text + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._open = False

    def meta(self, name: str) -> str:
        """Return the one content of a meta tag, or "" without one."""
        found = self.all(name)
        assert len(found) < 2, f"{name} stands {len(found)} times: {found}"
        return found[0] if found else ""

    def all(self, name: str) -> list[str]:
        return [content for known, content in self.metas if known == name]

    @property
    def canonical(self) -> str:
        found = [link["href"] for link in self.links if link.get("rel") == "canonical"]
        assert len(found) < 2, found
        return found[0] if found else ""

    @property
    def alternates(self) -> dict[str, str]:
        return {link["hreflang"]: link["href"] for link in self.links if "hreflang" in link}

    @property
    def graph(self) -> dict[str, Any]:
        """Return the one JSON-LD object of the page."""
        found = [
            json.loads(text) for attributes, text in self.scripts if attributes.get("type") == "application/ld+json"
        ]
        assert len(found) == 1, found
        assert found[0]["@context"] == "https://schema.org"
        return found[0]
