"""Rules for names: which of them holds for a name, and what it changes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from core.analysis import fold, primary
from links.models import Mode, Name, NameRule


def rules_of(keys: Collection[str]) -> Mapping[str, Sequence[NameRule]]:
    """Return the rules for these entries, the general ones first."""
    found: dict[str, list[NameRule]] = defaultdict(list)
    for rule in sorted(NameRule.objects.filter(key__in=keys), key=lambda r: (bool(r.phrase), bool(r.language), r.pk)):
        found[rule.key].append(rule)
    return found


def obey(name: Name, rules: Iterable[NameRule]) -> None:
    """Bring a name to what the most special of the rules for it says."""
    for rule in rules:
        if rule.language and primary(rule.language) != primary(name.language):
            continue
        if rule.phrase and fold(rule.phrase) != fold(name.phrase):
            continue
        name.mode, name.context, name.priority = rule.mode, rule.context, rule.priority
    if name.mode == Mode.NEVER:
        name.mention = False
