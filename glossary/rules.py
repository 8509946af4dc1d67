"""What must hold within a concept and between concepts, told in words. Forms and files are checked by the same rules.

A concept is a mapping as the loader makes it: `number` (or None), `status`, `reason`, `replaced_by`, and `sections`, by
language mappings of `state`, `definition`, `definition_source` and `designations` (`text`, `kind`, `status`, `region`,
`qualifier`).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from glossary.choices import BROADER, PUBLIC, WORDED, DesignationKind, State, TermStatus
from glossary.choices import RelationKind as Kind
from glossary.graph import above, ancestors
from glossary.models import ConceptRelation, Designation
from glossary.models.sections import text_key


def within(concept: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong in a concept by itself."""
    sections = concept["sections"]
    if concept["status"] in PUBLIC and not any(s["state"] == State.VALIDATED for s in sections.values()):
        yield _("A validated concept needs a validated section in at least one language.")
    for language, section in sections.items():
        for problem in _in_section(section):
            yield f"{language}: {problem}"


def _in_section(section: Mapping[str, Any]) -> Iterator[str]:
    if section["state"] == State.VALIDATED:
        if not section["definition"]:
            yield _("A validated section needs a definition.")
        if not section["definition_source"]:
            yield _("A validated definition needs its source.")
    heads = Counter(d["region"] for d in section["designations"] if _is_head(d))
    if section["state"] in WORDED and not heads:
        yield _("Mark one full form as preferred.")
    for region, count in heads.items():
        if count > 1:
            where = f" ({region})" if region else ""
            yield _("Only one full form can be preferred%(where)s: admit the others.") % {"where": where}
    texts = Counter(d["text"] for d in section["designations"])
    yield from (_("“%(term)s” stands here twice.") % {"term": text} for text, count in texts.items() if count > 1)


def _is_head(designation: Mapping[str, Any]) -> bool:
    return designation["kind"] == DesignationKind.FULL_FORM and designation["status"] == TermStatus.PREFERRED


def homonyms(concept: Mapping[str, Any], scheme: int) -> Iterator[str]:
    """Yield the preferred terms that another concept has too: one statement for each language."""
    for language, section in concept["sections"].items():
        wanted = {
            (text_key(d["text"]), d["qualifier"])
            for d in section["designations"]
            if d["status"] == TermStatus.PREFERRED
        }
        taken = Designation.objects.filter(
            scheme=scheme, language=language, status=TermStatus.PREFERRED, text_key__in=[key for key, _q in wanted]
        ).exclude(section__concept__number=concept["number"])
        for text, key, qualifier, number in taken.values_list(
            "text", "text_key", "qualifier", "section__concept__number"
        ):
            if (key, qualifier) in wanted:
                told = _("%(language)s: “%(term)s” is preferred in concept %(number)s: give one of them a qualifier.")
                yield told % {"language": language, "term": text, "number": number}


Edge = tuple[int, int, str]  # source, target, kind


def all_edges() -> list[Edge]:
    return list(ConceptRelation.objects.values_list("source", "target", "kind"))


def between(pk: int | None, own: Collection[tuple[int, str]], edges: Iterable[Edge]) -> Iterator[str]:
    """Yield what is wrong if concept `pk` had the relations `own` (target, kind) among all the others."""
    me = pk or 0
    edges = [edge for edge in edges if edge[0] != me] + [(me, target, kind) for target, kind in own]
    if any(target == me for target, _kind in own):
        yield _("A concept has no relation to itself.")
        return
    if len({target for target, _kind in own}) < len(own):
        yield _("A concept has one relation to another: one of these stands twice.")
    net = above((source, target) for source, target, kind in edges if kind in BROADER)
    if me in ancestors(me, net):
        yield _("The broader concepts run in a circle.")
        return
    over = {node: ancestors(node, net) for edge in edges for node in edge[:2]}
    for source, target, kind in edges:
        if kind == Kind.RELATED and (target in over[source] or source in over[target]):
            yield _("A related concept also stands above or below: keep one of the two relations.")
            return
