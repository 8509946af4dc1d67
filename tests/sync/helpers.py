"""Content for the sync tests, written in the plainest way."""

from django.core.management import call_command
from django.utils import timezone

from library.models import Resource, Work
from sync.checking import compare
from sync.drain import drain
from sync.models import Document
from taxonomy.models import Country, Theme


def resource(title: str = "Pensions", **fields) -> Resource:
    fields = {"language": "en", "type": "report", "live": True, "first_published_at": timezone.now(), **fields}
    return Resource.objects.create(title=title, **fields)


def unsaved(number: int, title: str) -> Resource:
    work = Work.objects.create()
    fields = {"language": "en", "type": "report", "live": True, "first_published_at": timezone.now()}
    return Resource(number=number, work=work, title=title, title_key=title.lower(), **fields)


def country(iso3: str = "SEN", iso2: str = "SN", name: str = "Senegal") -> Country:
    return Country.objects.create(iso3=iso3, iso2=iso2, name_en=name, name_fr=name, name_es=name, region="africa")


def theme(slug: str, parent: Theme | None = None) -> Theme:
    return Theme.objects.create(slug=slug, parent=parent, name_en=slug, name_fr=slug, name_es=slug)


def titles(audience: str = "public") -> set[str]:
    """Drain, prove that nothing differs, and return the titles of the resources that an audience finds."""
    drain()
    difference = compare()
    assert len(difference) == 0, difference
    call_command("search_check")
    found = Document.objects.filter(audience=audience, gone=False, kind="resource")
    return set(found.values_list("title", flat=True))
