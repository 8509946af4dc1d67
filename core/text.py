"""Rich text as plain text, for everything that reads and does not show: search, links, mails, summaries."""

import html
import re

from core.folding import clean
from core.markup import pieces

_BREAKS = frozenset([
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option", "p",
    "pre", "search", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
])  # fmt: skip
_GAPS = frozenset(["img", "td", "th"])
_SPACES = re.compile(r"[ \t\r\f\n]+")
_LINE_ENDS = re.compile(r" *\n[ \n]*")


def plain_text(source: str) -> str:
    """Return the text of an HTML fragment: blocks on lines of their own, character references decoded once, white space
    as a browser shows it, without scripts, style sheets, templates and comments. Malformed HTML gives what can be read.
    """
    parts: list[str] = []
    templates = 0
    for kind, start, end, name, _ in pieces(source):
        if name == "template":
            templates = max(0, templates + (1 if kind == "start" else -1))
        elif templates:
            continue
        elif kind == "text" or (kind == "raw" and name in ("textarea", "title")):
            parts.append(html.unescape(_SPACES.sub(" ", source[start:end])))
        elif name in _BREAKS:
            parts.append("\n")
        elif name in _GAPS:
            parts.append(" ")
    text = re.sub(" {2,}", " ", clean("".join(parts)))
    return _LINE_ENDS.sub("\n", text).strip(" \n")
