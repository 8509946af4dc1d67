"""All faults, in the order of their numbers."""

from tests.faults import (  # noqa: F401  they add themselves to the list
    broker_faults,
    database_faults,
    engine_faults,
    poison_faults,
    recovery_faults,
)
from tests.faults.playing import FAULTS as _added

FAULTS = sorted(_added, key=lambda fault: fault.number)
