"""Texts of questions and answers as HTML, harmless by construction, with their citations as links and sources."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token as Piece

from core.entries import registry
from core.presentation import Item
from core.text import plain_text
from qa.citations import Token, markdown

Cited = Mapping[tuple[str, str], Item]  # by kind and code: what readers may see of the entries


@dataclass
class Sources:
    """The resources that a text cites, numbered as they are met."""

    cited: Cited
    anchor: str  # begins the ids of the list's items
    items: list[Item] = field(default_factory=list)

    def number(self, item: Item) -> int:
        if item not in self.items:
            self.items.append(item)
        return self.items.index(item) + 1


@dataclass(frozen=True)
class Rendered:
    """A text as HTML, and its numbered sources."""

    html: SafeString
    sources: Sequence[Item] = ()
    anchor: str = ""


def render(text: str, cited: Cited, anchor: str = "source") -> Rendered:
    """Return Markdown as HTML; tokens become links to the entries in `cited`, or words where an entry is not there."""
    sources = Sources(cited, anchor)
    html = _parser.render(text, {"sources": sources})
    return Rendered(mark_safe(html), sources.items, anchor)


def plain(text: str) -> str:
    """Return the words of a Markdown text, of a token its label: for search, links and summaries."""
    return plain_text(_parser.render(text, {}))


def _citation(self: RendererHTML, tokens: Sequence[Piece], i: int, options: Any, env: MutableMapping) -> str:
    token: Token = tokens[i].meta["token"]
    sources: Sources | None = env.get("sources")
    if sources is None:
        return format_html("{}", token.label)
    item = sources.cited.get((token.kind, token.code))
    if item is None:
        return format_html("{}", token.label or f"{_kind_label(token.kind)} {token.code}")
    link = _link(token, item)
    if token.kind != "resource":
        return link
    number = sources.number(item)
    return format_html('{} <a href="#{}-{}">[{}]</a>', link, sources.anchor, number, number)


def _link(token: Token, item: Item) -> str:
    if token.label:
        return format_html('<a href="{}">{}</a>', item.url, token.label)
    return format_html('<a href="{}" lang="{}" dir="{}">{}</a>', item.url, item.language, item.dir, item.title)


def _kind_label(kind: str) -> str:
    return str(registry[kind].label) if kind in registry else kind


def _link_open(self: RendererHTML, tokens: Sequence[Piece], i: int, options: Any, env: MutableMapping) -> str:
    tokens[i].attrSet("rel", "nofollow ugc")
    return self.renderToken(tokens, i, options, env)


_parser = markdown()
_parser.add_render_rule("citation", _citation)
_parser.add_render_rule("link_open", _link_open)
