"""The protocol keeps its promise in every order that was tried; without any one safeguard it does not.

Random search is evidence, no proof. What shows in between is not looked at here: only what is left when all is done.
"""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sync.model import RARE, Protocol, at_random, run

pytestmark = pytest.mark.embedded  # it touches no database
PROGRAMS = 5_000  # of 40 steps
ALIVE = {"kill_projector": 0, "kill_shipper": 0}
AT_ONCE = dict.fromkeys(("commit", "fold", "project", "start_projector"), 30)
SHIPPING = {**ALIVE, **AT_ONCE, "register": 0, "write": 0.1, "forget": 5}  # one change after another, slow shippers
REBUILDING = {**ALIVE, "register": 3, "fill": 10, "prove": 3, "swap": 10}

BROKEN: dict[str, tuple[Mapping[str, float], dict[str, bool]]] = {
    "a message after the commit instead of a row": (RARE, {"durable_mark": False}),
    "content is read before what is wanted": (RARE, {"want_before_content": False}),
    "done is what is wanted by now": (RARE, {"done_is_what_was_read": False}),
    "an outbox row goes whatever its version": (RARE, {"versions_compared": False}),
    "documents are overwritten unguarded": (RARE, {"guarded_write": False}),
    "the engine takes any version": (SHIPPING, {"external_versions": False}),
    "a delete instead of a tombstone": (SHIPPING, {"tombstones": False}),
    "registered after filling, no proof": (RARE, {"registered_first": False, "proof": False}),
    "registered after filling": (RARE, {"registered_first": False}),
    "fed only when it serves, no proof": (RARE, {"fed_while_building": False, "proof": False}),
    "fed only when it serves": (RARE, {"fed_while_building": False}),
    "registered while documents are written": (REBUILDING, {"registered_alone": False}),
}
PRIVATE = {"a delete instead of a tombstone"}  # what makes something private public again, and not only stale
ENDLESS = {"registered after filling"}  # the proof saves it, and never succeeds


def first_broken(protocol: Protocol, weights: Mapping[str, float], programs: int = PROGRAMS) -> tuple[int, list[str]]:
    """Return the seed and the faults of the first random program that breaks a protocol; -1 and none if none does."""
    for seed in range(programs):
        if faults := run(protocol, at_random(seed, weights)):
            return seed, faults
    return -1, []


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.data())
def test_no_order_of_steps_breaks_the_protocol(data: st.DataObject):
    """Hypothesis chooses each step, and would shrink what it finds."""
    assert run(Protocol(), lambda steps: data.draw(st.sampled_from(steps))) == []


@pytest.mark.parametrize("weights", [RARE, SHIPPING, REBUILDING], ids=["evenly", "shipping", "rebuilding"])
def test_no_random_program_breaks_the_protocol(weights):
    assert first_broken(Protocol(), weights) == (-1, [])


@pytest.mark.parametrize("variant", BROKEN)
def test_without_one_safeguard_a_program_breaks_it(variant: str):
    weights, switches = BROKEN[variant]
    _, faults = first_broken(Protocol(**switches), weights)
    assert faults
    assert variant not in PRIVATE or "something private is public" in faults
    assert variant not in ENDLESS or faults == ["a generation is never finished"]
