"""A small world of content, and what editors, scripts and time may do to it at any moment."""

import datetime
from collections.abc import Callable

from django.db import connection
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from core.entries import registry
from experts.models import ExpertProfile
from glossary.models import Concept, Designation
from library.models import Agent, Contribution, Resource
from pages.models import FreePage, HomePage
from taxonomy.models import Country, Theme
from tests.experts.factories import expert
from tests.glossary.factories import concept, section, word
from tests.pages.factories import free_page, restrict
from tests.sync.helpers import country, resource, theme

CANARY = "qzcanary"  # in every title
SECRET = "qzsecret"  # in titles only as long as the public may not read them
TERM = "qzterm"
START = timezone.now()


def make_world() -> None:
    """What is there before anything happens."""
    root = theme("root")
    old_age, maternity = theme("old-age", root), theme("maternity", root)
    theme("leaf", maternity)
    for code in (("SEN", "SN", "Senegal"), ("KEN", "KE", "Kenya"), ("NPL", "NP", "Nepal")):
        country(*code)
    Agent.objects.create(kind="person", name="Diop, A.")
    first = resource(f"{CANARY} 1", abstract=f"About {TERM} in Nepal.")
    resource(f"{CANARY} 2").themes.through.objects.create(resource=first, theme=old_age)
    concept(section("en", word(f"{TERM}", [f"{TERM}s"])), section("fr", f"{TERM} {CANARY}"))
    expert(f"{CANARY} Expert", confirmed_days_ago=360)
    home = HomePage.objects.get(locale__language_code="en")
    closed = home.add_child(instance=Page(title="Closed", slug="closed"))
    restrict(closed, "login")
    free_page("about", title=f"{CANARY} about")
    free_page("terms", title=f"{CANARY} terms")


class World:
    """What may happen. `n` picks which one, and makes texts differ."""

    def __init__(self) -> None:
        self.passed = datetime.timedelta()

    def clock(self) -> datetime.datetime:
        """Return the time, which stands still unless somebody waits: histories can be repeated."""
        return START + self.passed

    def publish(self, n: int) -> None:
        resource(f"{CANARY} study {n}", abstract=f"About {TERM} in Kenya.", first_published_at=timezone.now())

    def draft(self, n: int) -> None:
        resource(f"{SECRET} draft {n}", live=False, first_published_at=None)

    def edit(self, n: int) -> None:
        row = self._one(Resource, n)
        if row and row.live:
            row.title, row.abstract = f"{CANARY} edited {n}", ["", "On Nepal.", f"On {TERM}s."][n % 3]
            row.save()

    def hide(self, n: int) -> None:
        Resource.objects.filter(pk=self._pk(Resource, n)).update(
            live=False, title=f"{SECRET} {n}", first_published_at=timezone.now()
        )

    def show(self, n: int) -> None:
        """Publish again, or a draft for the first time."""
        values = {"live": True, "title": f"{CANARY} again {n}", "first_published_at": timezone.now()}
        Resource.objects.filter(pk=self._pk(Resource, n)).update(**values)

    def delete(self, n: int) -> None:
        row = self._one(Resource, n)
        if row:
            row.delete()

    def bulk_update(self, n: int) -> None:
        Resource.objects.filter(live=True).update(title=f"{CANARY} bulk {n}")

    def bulk_hide(self, n: int) -> None:
        Resource.objects.filter(pk__gt=self._pk(Resource, n) or 0).update(live=False, title=f"{SECRET} all")

    def raw_sql(self, n: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE library_resource SET abstract = %s WHERE id %% 2 = %s", [f"On Kenya {n}", n % 2])

    def tag(self, n: int) -> None:
        row = self._one(Resource, n)
        if row:
            Resource.themes.through.objects.get_or_create(resource=row, theme=self._one(Theme, n))
            Resource.countries.through.objects.get_or_create(resource=row, country=self._one(Country, n))

    def credit(self, n: int) -> None:
        row = self._one(Resource, n)
        if row:
            Contribution.objects.create(resource=row, agent=Agent.objects.get(), role="author", sort_order=0)

    def rename_agent(self, n: int) -> None:
        Agent.objects.update(name=f"Diop, A. {n}")

    def move_theme(self, n: int) -> None:
        Theme.objects.filter(slug="leaf").update(parent=Theme.objects.exclude(slug="leaf").order_by("pk")[n % 3])

    def rename_country(self, n: int) -> None:
        Country.objects.filter(iso3="NPL").update(name_en=["Nepal", "Kenya"][n % 2])

    def rename_term(self, n: int) -> None:
        Designation.objects.filter(section__language="en").update(text=[TERM, "Nepal", f"{TERM} {n}"][n % 3])

    def hide_term(self, n: int) -> None:
        Concept.objects.update(live=False, first_published_at=timezone.now())
        Designation.objects.filter(section__language="fr").update(text=SECRET)

    def show_term(self, n: int) -> None:
        Designation.objects.filter(section__language="fr").update(text=f"{CANARY} {n}")
        Concept.objects.update(live=True)

    def delete_term(self, n: int) -> None:
        Concept.objects.all().delete()

    def move_page(self, n: int) -> None:
        """Below the section that visitors may not read, where it has a secret title, or out of it again."""
        page = self._one(FreePage, n)
        closed = Page.objects.get(slug="closed")
        if page.is_descendant_of(closed):
            page.move(closed.get_parent(), pos="last-child")
            FreePage.objects.filter(pk=page.pk).update(title=f"{CANARY} page {n}")
        else:
            FreePage.objects.filter(pk=page.pk).update(title=f"{SECRET} page {n}", live=False)
            page.refresh_from_db()
            page.move(closed, pos="last-child")
            Page.objects.filter(pk=page.pk).update(live=True)

    def close_section(self, n: int) -> None:
        """Restrict it by another rule: neither opens it."""
        PageViewRestriction.objects.update(restriction_type=["login", "password", "groups"][n % 3])

    def confirm_expert(self, n: int) -> None:
        ExpertProfile.objects.update(last_confirmed_at=timezone.now())

    def wait(self, n: int) -> None:
        """Let time pass: seconds, an hour, or so long that the expert's confirmation lapses."""
        self.passed += datetime.timedelta(seconds=[3, 70, 3_600, 500_000][n % 4])

    def _one(self, model: type, n: int):
        pk = self._pk(model, n)
        return model.objects.get(pk=pk) if pk else None

    def _pk(self, model: type, n: int) -> int | None:
        pks = list(model.objects.order_by("pk").values_list("pk", flat=True))
        return pks[n % len(pks)] if pks else None


EVENTS: dict[str, Callable] = {name: event for name, event in vars(World).items() if not name.startswith("_")}
del EVENTS["clock"]


def visible_keys(user, kinds: tuple[str, ...]) -> set[str]:
    """Return what detail pages would show this user, by the rule of each kind."""
    return {f"{kind}:{pk}" for kind in kinds for pk in registry[kind].visible_to(user).values_list("pk", flat=True)}
