"""What capturing changes costs writers, and what documents cost web workers: C1 and C2. Needs Django set up."""

from collections.abc import Callable, Iterator

from django.db import connection
from django.utils import timezone

from benchmarks import memory, stores
from benchmarks.corpus import Corpus
from benchmarks.goals import Result, Run, measures, ratio_result
from benchmarks.pairing import RefusedError
from benchmarks.samples import Goal, interval
from benchmarks.sites import Databases
from library.models import Resource
from sync import capture
from sync.models import Dirty
from taxonomy.models import Country, Theme

NUMBER = 8_000_000
Write = Callable[[int], None]  # writes the row of a number
SMALL, TIMES = 1_000, 3
INSERT = """
INSERT INTO library_resource ({columns}) SELECT {values} FROM library_resource WHERE id = %s
"""


@measures("C1")
def captured_writes(run: Run) -> Iterator[Result]:
    """The same write in two copies of the database, one of them without capture triggers."""
    databases = Databases({"captured": str(connection.settings_dict["NAME"]), "bare": run.copy(run.size, "bare")})
    with databases.using("bare"):
        capture.remove(connection)
    for what, write, goal in (("bare insert", _insert(), Goal(1.3)), ("save of a resource", _save(), Goal(1.1))):
        measured = run.measure(_arm(databases, "captured", write), _arm(databases, "bare", write))
        _check(databases)
        yield ratio_result("C1", f"{what} with capture / without", goal, measured)


def _arm(databases: Databases, name: str, write: Write) -> Write:
    """Return what writes one new row to one of the databases."""
    numbers = iter(range(NUMBER, 2 * NUMBER))

    def call(_: int) -> None:
        with databases.using(name):
            write(next(numbers))

    return call


def _check(databases: Databases) -> None:
    """Refuse a comparison in which both arms captured, or none; then take away what was written."""
    for name, captures in (("captured", True), ("bare", False)):
        with databases.using(name):
            if Dirty.objects.exists() != captures:
                raise RefusedError(f"The database {name!r} captured {'nothing' if captures else 'changes'}.")
            Dirty.objects.all().delete()
            Resource.objects.filter(number__gte=NUMBER).delete()
            Dirty.objects.all().delete()


def _insert() -> Write:
    """Return what inserts one row by one statement."""
    pk = Resource.objects.order_by("number").values_list("pk", flat=True)[0]
    columns = [field.column for field in Resource._meta.concrete_fields if not field.primary_key]
    special = {"number": "%s", "work_id": "(SELECT max(id) FROM library_work)", "language": "'x-' || %s"}
    statement = INSERT.format(columns=", ".join(columns), values=", ".join(special.get(c, c) for c in columns))
    order = [column for column in columns if "%s" in special.get(column, "")]

    def insert(number: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, [*(number for _ in order), pk])

    return insert


def _save() -> Write:
    """Return what saves a resource with a theme and a country."""
    record = next(Corpus().records(1))
    theme, country = Theme.objects.first(), Country.objects.first()

    def save(number: int) -> None:
        resource = Resource(
            number=number, language="en", type="report", title=record.title, abstract=record.summary, date="2020",
            first_published_at=timezone.now(),
        )  # fmt: skip
        resource.themes, resource.countries = [theme], [country]
        resource.save()

    return save


@measures("C2")
def worker_memory(run: Run) -> Iterator[Result]:
    """Memory of a web worker at this size and at a thousand documents, a process for each."""
    if connection.vendor != "sqlite":
        yield Result("C2", "memory of a web worker", None, note="measured with sqlite")
        return
    small = stores.copy(SMALL, run.folder / "memory").parent
    ratios, controls, base = [], [], []
    for _ in range(TIMES):
        few, again, many = (memory.measured(stores.environment(folder)) for folder in (small, small, run.folder))
        base.append(few)
        ratios.append(many / few)
        controls.append(again / few)
    note = f"{base[0] / 1024:.0f} MB with {SMALL:,}"
    what = f"memory of a web worker, {run.size:,} / {SMALL:,}"
    yield Result("C2", what, interval(ratios), Goal(1.2), noise=[sorted(controls)[TIMES // 2]], note=note)
