"""Markdown of the content files to the rich text that editors edit: CommonMark, in the part that pages can show.

A heading of level 2 begins a section; a quotation that begins in bold is a callout, its bold words the title.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

BLOCKS = frozenset(["paragraph", "heading", "bullet_list", "ordered_list", "list_item", "blockquote", "inline"])
INLINES = frozenset(["text", "text_special", "softbreak", "strong", "em", "link"])
PLAIN = {"strong": "b", "em": "i"}  # the tags that the editor writes: saving without a change changes nothing


class MarkdownError(ValueError):
    """Markdown that a page cannot show; the message gives the line and says what to write."""


@dataclass
class Prose:
    """The texts of a page: sections and callouts as (heading, HTML)."""

    sections: list[tuple[str, str]] = field(default_factory=list)
    callouts: list[tuple[str, str]] = field(default_factory=list)


parser = MarkdownIt("commonmark", {"html": False})


def parse(source: str) -> Prose:
    """Return sections and callouts in their order. Raises MarkdownError."""
    prose, heading, body = Prose(), "", []
    for block in _blocks(parser.parse(source)):
        _check(block)
        if block[0].type == "heading_open" and block[0].tag == "h2":
            _add_section(prose, heading, body)
            heading, body = block[1].content, []
        elif block[0].type == "blockquote_open":
            prose.callouts.append(_callout(block))
        else:
            body += block
    _add_section(prose, heading, body)
    return prose


def _blocks(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield the tokens of each block of the top level."""
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield block
            block = []


def _add_section(prose: Prose, heading: str, body: list[Token]) -> None:
    if heading or body:
        prose.sections.append((heading, html(body)))


def _callout(block: list[Token]) -> tuple[str, str]:
    words = block[2].children or []
    end = next((i for i, token in enumerate(words) if token.type == "strong_close"), 0)
    if not end or words[0].type not in ("strong_open", "text") or _text(words[: _start(words)]):
        raise MarkdownError(f"line {_line(block[0])}: begin the quotation with a bold title: > **Title** Sentence.")
    title = _text(words[:end])
    rest = words[end + 1 :]
    while rest and rest[0].type in ("text", "softbreak") and not rest[0].content.strip():
        rest = rest[1:]
    if rest and rest[0].type == "text":
        rest[0].content = rest[0].content.lstrip()
    block[2].children = rest
    return title.strip(), html(block[1:-1])


def _start(words: list[Token]) -> int:
    return next(i for i, token in enumerate(words) if token.type == "strong_open")


def _text(words: Sequence[Token]) -> str:
    return "".join(token.content for token in words if token.nesting == 0)


def html(tokens: list[Token]) -> str:
    """Return the HTML of these tokens without white space between blocks, as the editor stores it."""
    for token in tokens:
        if token.type.startswith("paragraph") and token.level >= 2:
            token.hidden = True  # in a list item
        for inline in token.children or []:
            inline.tag = PLAIN.get(inline.tag, inline.tag)
            if inline.type == "softbreak":
                inline.type, inline.content = "text", " "
    return parser.renderer.render(tokens, parser.options, {}).replace("\n", "")


def _check(block: list[Token]) -> None:
    """Refuse what a page cannot show, by the line it stands in."""
    line, before = _line(block[0]), ""
    for token in block:
        line = _line(token) or line
        kind = token.type.removesuffix("_open").removesuffix("_close")
        if kind not in BLOCKS or (kind == "heading" and token.tag not in ("h2", "h3")):
            raise MarkdownError(f"line {line}: {kind} {token.markup!r} cannot be shown; use paragraphs, lists, ##, ###")
        if token.type == "paragraph_open" and token.level >= 2 and before != "list_item_open":
            raise MarkdownError(f"line {line}: an item of a list has one paragraph; make it two items")
        if kind == "blockquote" and token.level:
            raise MarkdownError(f"line {line}: a quotation inside another block cannot be shown; move it out")
        for inline in token.children or []:
            kind = inline.type.removesuffix("_open").removesuffix("_close")
            if kind not in INLINES:
                raise MarkdownError(f"line {line}: {kind} cannot be shown; use plain text, bold, italics and links")
        before = token.type


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0
