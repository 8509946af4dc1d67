"""Writes names and links of projected entries, and says whose links change because a name came or went."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from core.entries import Entry
from links.models import Link, Name, NameRule, NamesVersion
from links.names import names_for
from links.rules import obey, rules_of
from sync.projectors import Changes, Projection, Projector
from taxonomy.models import Country, Theme

NameRow = tuple[str, str, str, str]  # key, language, phrase, audience
LinkRow = tuple[str, str, str, str]  # source, target, how, audience
CHANGEABLE = ["mention", "is_title", "topic", "route", "weight", "mode", "context", "priority"]
RELINKING = ["mention", "is_title", "mode", "context", "priority"]  # what decides whether a text is linked by a name


class LinkProjector(Projector):
    """Names first, then links, so that texts of the same batch see the new names."""

    def project(self, batch: Sequence[Projection], changes: Changes) -> None:
        self._write_names(batch, changes)
        self._write_links(batch, changes)

    def _write_names(self, batch: Sequence[Projection], changes: Changes) -> None:
        keys = [projection.key for projection in batch]
        rules = rules_of(keys)
        names = (name for p in batch for entry in p.entries for name in names_of(entry, rules.get(entry.key, ())))
        wanted = {_identity(name): name for name in names}
        present = {_identity(name): name for name in Name.objects.filter(key__in=keys)}
        gone = [name for identity, name in present.items() if identity not in wanted]
        new = [name for identity, name in wanted.items() if identity not in present]
        moved = [n for identity, n in wanted.items() if identity in present and _differs(n, present[identity])]
        for name in moved:
            name.pk = present[_identity(name)].pk
        if not (gone or new or moved):
            return
        Name.objects.filter(pk__in=[name.pk for name in gone]).delete()
        Name.objects.bulk_create(new)
        Name.objects.bulk_update(moved, CHANGEABLE)
        NamesVersion.step()
        relinked = [name for name in moved if _differs(name, present[_identity(name)], RELINKING)]
        linking = [name for name in (*new, *relinked) if name.mention]
        released = [name for name in gone if name.mention] + [name for name in relinked if not name.mention]
        changes.names_added += [(name.language, name.phrase) for name in (*linking, *_shared(released))]
        lost = {name.key for name in (*gone, *relinked)}
        sources = Link.objects.filter(target__in=lost, how=Link.How.MENTION).values_list("source", flat=True)
        changes.fanout |= set(sources) - set(keys)

    def _write_links(self, batch: Sequence[Projection], changes: Changes) -> None:
        keys = [projection.key for projection in batch]
        entries = [entry for projection in batch for entry in projection.entries]
        topics = _topic_targets(entries)
        wanted = {row for entry in entries for row in links_of(entry, topics)}
        present = {
            (link.source, link.target, link.how, link.audience): link.pk
            for link in Link.objects.filter(source__in=keys)
        }
        gone, new = set(present) - wanted, wanted - set(present)
        Link.objects.filter(pk__in=[present[row] for row in gone]).delete()
        Link.objects.bulk_create([Link(source=s, target=t, how=h, audience=a) for s, t, h, a in sorted(new)])
        changes.fanout |= _appearing_or_vanishing(gone, new)


def names_of(entry: Entry, rules: Iterable[NameRule] = ()) -> list[Name]:
    """Return the name rows of an entry: what it is mentioned by and, if it is a topic, all that it is called."""
    topic = topic_of(entry)
    phrases = dict.fromkeys([*entry.names, *([entry.title] if topic else []), *entry.aliases])
    names = [
        Name(
            key=entry.key, language=entry.language, phrase=phrase[:300], audience=entry.audience, topic=topic,
            mention=phrase in entry.names, is_title=phrase == entry.title, route=list(entry.route),
            weight=entry.weight,
        )
        for phrase in phrases
    ]  # fmt: skip
    for name in names:
        obey(name, rules)
    return names


def topic_of(entry: Entry) -> str:
    """Return the token by which other entries carry this one as a topic; "" if none can."""
    if entry.kind == "country" and entry.countries:
        return f"country:{entry.countries[0].lower()}"
    if entry.kind == "theme" and entry.themes:
        return f"theme:{entry.themes[0]}"
    return ""


def links_of(entry: Entry, topics: dict[str, str]) -> Iterable[LinkRow]:
    """Yield the link rows of an entry: its topics, what it cites, who answered, and whom its texts name."""
    for topic in [*(f"theme:{slug}" for slug in entry.themes), *(f"country:{code}" for code in entry.countries)]:
        target = topics.get(topic)
        if target and target != entry.key:
            yield entry.key, target, Link.How.TOPIC, entry.audience
    for how, targets in ((Link.How.REFERENCE, entry.references), (Link.How.ANSWERED, entry.answered_by)):
        for target in targets:
            yield entry.key, target, how, entry.audience
    text = "\n".join((entry.title, entry.summary, entry.text))
    for match in names_for(entry.audience).find(text, entry.language):
        if match.target != entry.key:
            yield entry.key, match.target, Link.How.MENTION, entry.audience


def _identity(name: Name) -> NameRow:
    return name.key, name.language, name.phrase, name.audience


def _differs(wanted: Name, present: Name, fields: Sequence[str] = CHANGEABLE) -> bool:
    return any(getattr(wanted, name) != getattr(present, name) for name in fields)


def _shared(released: Sequence[Name]) -> list[Name]:
    """Return those names that other entries have, too: where two had them, nothing was linked until now."""
    phrases = {name.phrase for name in released}
    if not phrases:
        return []
    left = Name.objects.filter(phrase__in=phrases, mention=True).exclude(key__in={name.key for name in released})
    still = set(left.values_list("phrase", flat=True))
    return [name for name in released if name.phrase in still]


def _topic_targets(entries: Sequence[Entry]) -> dict[str, str]:
    """Return the key of each theme and country that these entries carry: `country:SEN` is `country:7`."""
    slugs = {slug for entry in entries for slug in entry.themes}
    codes = {code for entry in entries for code in entry.countries}
    themes = Theme.objects.filter(slug__in=slugs).values_list("slug", "pk") if slugs else []
    countries = Country.objects.filter(iso3__in=codes).values_list("iso3", "pk") if codes else []
    return {
        **{f"theme:{slug}": f"theme:{pk}" for slug, pk in themes},
        **{f"country:{code}": f"country:{pk}" for code, pk in countries},
    }


def _appearing_or_vanishing(gone: set[LinkRow], new: set[LinkRow]) -> set[str]:
    """Return the topics that got their first link of an audience or lost their last: they exist by being named."""
    change: Counter[tuple[str, str]] = Counter()
    for rows, step in ((gone, -1), (new, 1)):
        for _, target, how, audience in rows:
            if how == Link.How.TOPIC:
                change[target, audience] += step
    touched = {target for target, _ in change}
    now: dict[tuple[str, str], int] = defaultdict(int)
    if touched:
        rows = Link.objects.filter(target__in=touched, how=Link.How.TOPIC)
        now.update(Counter(rows.values_list("target", "audience")))
    return {
        target
        for (target, audience), step in change.items()
        if (now[target, audience] == 0) != (now[target, audience] - step == 0)
    }
