"""Random edits in random order, with drains at random moments, end with an index equal to the content."""

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from library.models import Agent, Contribution, Resource
from links.models import Link
from sync.checking import compare
from sync.drain import drain
from sync.folding import fold
from sync.models import Document, State
from sync.projection import open_keys, project
from taxonomy.models import Country, Theme
from tests.chance import times
from tests.sync.helpers import country, resource, theme

pytestmark = pytest.mark.django_db
CANARY = "qzcanary"
SIZE = 4


class World:
    """A few resources, themes, countries and one agent, and what may happen to them. `n` picks one of a kind."""

    def __init__(self) -> None:
        root = theme("root")
        self.themes = [
            root,
            theme("old-age", root),
            theme("maternity", root),
            theme("leaf", Theme.objects.get(slug="maternity")),
        ]
        self.countries = [
            country(),
            country("KEN", "KE", "Kenya"),
            country("NPL", "NP", "Nepal"),
            country("CHL", "CL", "Chile"),
        ]
        self.agent = Agent.objects.create(kind="person", name="Diop, A.")
        self.made = 0

    def one(self, n: int) -> Resource | None:
        rows = list(Resource.objects.order_by("pk"))
        return rows[n % len(rows)] if rows else None

    def create(self, n: int) -> None:
        self.made += 1
        resource(f"Study {self.made}", abstract=f"About {self.countries[n].name_en}.")

    def rename(self, n: int) -> None:
        Resource.objects.filter(pk=getattr(self.one(n), "pk", None)).update(title=f"Renamed {n}, Nepal")

    def rename_by_sql(self, n: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE library_resource SET abstract = %s WHERE id %% %s = 0", [f"On Kenya {n}", n + 1])

    def hide(self, n: int) -> None:
        row = self.one(n)
        if row:
            Resource.objects.filter(pk=row.pk).update(live=False, title=f"{CANARY} {n}")

    def show(self, n: int) -> None:
        row = self.one(n)
        if row:
            Resource.objects.filter(pk=row.pk).update(live=True, title=f"Shown again {n}")

    def delete(self, n: int) -> None:
        row = self.one(n)
        if row:
            row.delete()

    def add_theme(self, n: int) -> None:
        row = self.one(n)
        if row:
            Resource.themes.through.objects.get_or_create(resource=row, theme=self.themes[n])

    def add_country(self, n: int) -> None:
        row = self.one(n)
        if row:
            Resource.countries.through.objects.get_or_create(resource=row, country=self.countries[n])

    def untag(self, n: int) -> None:
        row = self.one(n)
        if row:
            Resource.themes.through.objects.filter(resource=row).delete()
            Resource.countries.through.objects.filter(resource=row).delete()

    def credit(self, n: int) -> None:
        row = self.one(n)
        if row:
            Contribution.objects.create(resource=row, agent=self.agent, role="author", sort_order=0)

    def rename_agent(self, n: int) -> None:
        Agent.objects.filter(pk=self.agent.pk).update(name=f"Diop, A. {n}")

    def move_theme(self, n: int) -> None:
        Theme.objects.filter(slug="leaf").update(parent=self.themes[n % 3])

    def rename_theme(self, n: int) -> None:
        Theme.objects.filter(slug="old-age").update(name_en=f"Old age {n}")

    def rename_country(self, n: int) -> None:
        Country.objects.filter(iso3="NPL").update(name_en=["Nepal", "Kenya"][n % 2])

    def roll_back(self, n: int) -> None:
        with transaction.atomic():
            self.create(n)
            transaction.set_rollback(True)

    def drain_a_little(self, n: int) -> None:
        fold()
        project(open_keys(n + 1))

    def drain(self, n: int) -> None:
        drain()


ACTIONS = [name for name in vars(World) if not name.startswith("_") and name != "one"]


@settings(max_examples=times(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, SIZE - 1)), min_size=5, max_size=40))
def test_any_history_ends_equal_and_shows_nothing_hidden(history):
    with transaction.atomic():
        world = World()
        for action, n in history:
            getattr(world, action)(n)
        drain()
        difference = compare()
        assert len(difference) == 0, difference
        assert not State.objects.exclude(reason="").exists()
        public = Document.objects.filter(gone=False, audience="public")
        assert not public.filter(title__contains=CANARY).exists()
        hidden = {f"resource:{pk}" for pk in Resource.objects.filter(live=False).values_list("pk", flat=True)}
        assert not hidden & set(Link.objects.values_list("source", flat=True))
        _mentions_are_linked(public)
        transaction.set_rollback(True)


def _mentions_are_linked(public) -> None:
    """Each visible text that names Nepal, while a visible entry makes Nepal one, has its link."""
    nepal = Country.objects.get(iso3="NPL")
    key = f"country:{nepal.pk}"
    if nepal.name_en != "Nepal" or not public.filter(key=key).exists():
        return
    named = public.filter(kind="resource", language="en").filter(title__contains="Nepal")
    sources = set(Link.objects.filter(target=key, how="mention").values_list("source", flat=True))
    assert set(named.values_list("key", flat=True)) <= sources
