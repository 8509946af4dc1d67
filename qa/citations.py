"""Citation tokens: `[[resource:343]]`, `[[term:17|adverse selection]]`, `[[country:SEN]]`, `[[theme:maternity]]`.

Number or code are as readers know them. One parser, the Markdown parser's rule, finds the tokens for the rows, for the
page and for the index, so that these cannot differ; what stands in code is no token.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from core.converters import NUMBER
from core.entries import registry
from qa.models import AnswerVersion, Citation, Snapshot

FIELDS = {"resource": "number", "term": "number", "country": "iso3", "theme": "slug"}
TAXONOMY = ("country", "theme")  # there whether or not an entry is about them yet
TOKEN = re.compile(r"\[\[([a-z]+):([A-Za-z0-9-]{1,60})(?:\|([^\[\]|\n]{1,300}))?\]\]")


@dataclass(frozen=True)
class Token:
    """One citation as written."""

    kind: str
    code: str
    label: str = ""

    def __str__(self) -> str:
        return f"[[{self.kind}:{self.code}]]"


def _rule(state: StateInline, silent: bool) -> bool:
    """The inline rule of the Markdown parser."""
    match = TOKEN.match(state.src, state.pos)
    if match is None or match.end() > state.posMax:
        return False
    if not silent:
        state.push("citation", "", 0).meta = {"token": Token(match[1], match[2], (match[3] or "").strip())}
    state.pos = match.end()
    return True


def markdown() -> MarkdownIt:
    """Return a parser of the texts: CommonMark without HTML, headings and images, so that all output is harmless."""
    parser = MarkdownIt("commonmark", {"html": False}).disable(
        ["heading", "lheading", "html_block", "html_inline", "image", "reference"]
    )
    parser.inline.ruler.before("link", "citation", _rule)
    return parser


_parser = markdown()


def parse(text: str) -> list[Token]:
    """Return the tokens of a text, in their order."""
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    for block in _parser.parse(text):
        for inline in block.children or []:
            if inline.type == "citation":
                yield inline.meta["token"]


def resolve(tokens: Iterable[Token]) -> dict[Token, str]:
    """Return the key of the entry that each token names. Raises ValidationError that names the tokens without one.

    A public text may cite only what is public.
    """
    tokens = list(dict.fromkeys(tokens))
    codes: dict[str, set[str]] = defaultdict(set)
    for token in tokens:
        codes[token.kind].add(token.code)
    keys = {(kind, code): key for kind in codes for code, key in _keys(kind, codes[kind])}
    lost = [str(token) for token in tokens if (token.kind, token.code) not in keys]
    if lost:
        raise ValidationError(
            _("Nothing published has this number or code: %(tokens)s. Correct or delete it."),
            code="citation",
            params={"tokens": ", ".join(dict.fromkeys(lost))},
        )
    return {token: keys[token.kind, token.code] for token in tokens}


def _keys(kind: str, codes: set[str]) -> Iterator[tuple[str, str]]:
    """Yield code and key of the rows of one kind that have these codes."""
    if kind not in FIELDS or kind not in registry:
        return
    field = FIELDS[kind]
    if field == "number":
        codes = {code for code in codes if re.fullmatch(NUMBER, code)}
    for pk, code in _citable(kind).filter(**{f"{field}__in": codes}).values_list("pk", field):
        yield str(code), f"{kind}:{pk}"


def _citable(kind: str) -> QuerySet:
    source = registry[kind]
    return source.model._default_manager.all() if kind in TAXONOMY else source.visible_to(AnonymousUser())


def save_citations(text: AnswerVersion | Snapshot, source: str) -> Sequence[Citation]:
    """Write one row for each token of the text. Raises ValidationError for tokens that name nothing."""
    tokens = parse(source)
    keys = resolve(tokens)
    owner = {"version": text} if isinstance(text, AnswerVersion) else {"snapshot": text}
    return Citation.objects.bulk_create(
        Citation(position=n, kind=token.kind, code=token.code, label=token.label, target=keys[token], **owner)
        for n, token in enumerate(tokens, start=1)
    )
