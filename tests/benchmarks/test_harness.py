"""The measuring harness: what it computes, when it judges, and what it refuses. No test depends on how long things take."""

import random
import subprocess
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.http import HttpResponse

from benchmarks import pairing
from benchmarks.corpus import Corpus
from benchmarks.goals import Measured, Result, Run, measures, ratio_result, results
from benchmarks.pairing import RefusedError, compare, same
from benchmarks.samples import Goal, Interval, Samples, exact, exponent, interval, p95, ratio
from benchmarks.sites import Answer, Site
from benchmarks.table import keep, markdown
from benchmarks.visits import first_of

ROOT = Path(__file__).resolve().parents[2]


def blocks(factor: float, count: int = 10, pairs: int = 50, spread: float = 0.2, seed: int = 5) -> list:
    """Return blocks of samples in which the first arm takes `factor` times as long as the second one."""
    chance = random.Random(seed)
    arm = lambda scale: [scale * chance.uniform(1 - spread, 1 + spread) for _ in range(pairs)]  # noqa: E731
    return [(arm(factor), arm(1.0)) for _ in range(count)]


def test_a_ratio_is_found_within_its_interval():
    found = ratio(blocks(2.0))
    assert found.low <= found.middle <= found.high
    assert found.low < 2.0 < found.high
    assert found.high - found.low < 0.4


def test_one_slow_block_moves_no_median():
    measured = blocks(1.0)
    measured[3] = ([9.0] * 50, [1.0] * 50)
    assert ratio(measured).middle < 1.1


def test_fewer_blocks_or_more_spread_are_wider():
    def width(found: Interval) -> float:
        return found.high - found.low

    narrow = width(ratio(blocks(1.0, count=40)))
    assert width(ratio(blocks(1.0, count=5))) > narrow
    assert width(ratio(blocks(1.0, count=40, spread=0.9))) > narrow


def test_the_same_samples_give_the_same_interval():
    assert ratio(blocks(1.3)) == ratio(blocks(1.3))


def test_a_ratio_of_nothing_is_an_error():
    with pytest.raises(ValueError, match="No block"):
        ratio([])


def test_an_interval_covers_the_truth_mostly():
    inside = 0
    for seed in range(100):
        chance = random.Random(seed)
        found = interval([chance.gauss(1.0, 0.1) for _ in range(30)], seed=seed)
        inside += found.low <= 1.0 <= found.high
    assert 85 <= inside <= 100


@pytest.mark.parametrize(("values", "expected"), [([1.0], 1.0), (range(1, 101), 95), (range(1, 21), 19)])
def test_p95(values, expected):
    assert p95(list(reversed(list(values)))) == expected


def test_the_exponent_of_powers():
    assert exponent([(10**n, 3 * (10**n) ** 0.3) for n in (4, 5, 6)]) == pytest.approx(0.3)
    assert exponent([(10, 5), (100, 5)]) == pytest.approx(0)
    with pytest.raises(ValueError, match="two sizes"):
        exponent([(10, 5), (10, 6)])


@pytest.mark.parametrize(
    ("goal", "found", "noise", "verdict"),
    [
        (Goal(1.2), Interval(1.1, 1.0, 1.19), [1.0, 1.01], "met"),
        (Goal(1.2), Interval(1.1, 1.0, 1.21), [1.0, 1.01], "missed"),  # the bad end decides
        (Goal(3, lower=True), Interval(3.5, 3.1, 4), [1.0], "met"),
        (Goal(3, lower=True), Interval(3.5, 2.9, 4), [1.0], "missed"),
        (Goal(1.2), Interval(1.0, 1.0, 1.0), [1.0, 1.06], "void"),
        (Goal(1.2), Interval(9.0, 9.0, 9.0), [0.94], "void"),  # nor is a loss proven on a noisy machine
        (Goal(8), exact(8), [], "met"),
        (Goal(8), exact(9), [], "missed"),
    ],
)
def test_verdicts(goal, found, noise, verdict):
    assert goal.verdict(found, noise) == verdict
    assert Result("X", "x", found, goal, noise=noise).verdict == verdict


def test_both_arms_get_the_same_numbers_in_random_order():
    calls: list[tuple[str, int]] = []
    found = compare(lambda n: calls.append(("a", n)), lambda n: calls.append(("b", n)), blocks=4, pairs=25, warm=0)
    assert found.pairs == 100
    assert [number for _, number in calls] == [n for n in range(100) for _ in "ab"]
    first = Counter(arm for arm, _ in calls[::2])
    assert 25 < first["a"] < 75


def test_slow_calls_get_fewer_pairs(monkeypatch):
    clock = iter(range(10**6))
    monkeypatch.setattr(pairing.time, "perf_counter", lambda: float(next(clock)))
    found = compare(lambda n: None, lambda n: None, seconds=400, blocks=2, pairs=300)
    assert pairing.FEWEST <= found.pairs / 2 < 300


def test_a_slower_arm_is_seen():
    found = compare(lambda n: sum(range(40_000)), lambda n: sum(range(1_000)), blocks=3, pairs=5, warm=1)
    assert ratio(found.cpu).low > 3, "forty times the work"


def test_arms_that_differ_are_refused():
    same("x", "x", "a page")
    with pytest.raises(RefusedError, match=r"a page: .*differently"):
        same("x", "y", "a page")


def test_a_refused_measurement_stops_no_other(monkeypatch):
    monkeypatch.setattr("benchmarks.goals.MEASUREMENTS", {})

    @measures("A", "B")
    def refused(run):
        yield Result("A", "a", exact(1), Goal(2))
        same(1, 2, "something")
        yield Result("B", "b", exact(1), Goal(2))

    @measures("C")
    def fine(run):
        yield Result("C", "c", exact(1), Goal(0))

    run = Run(1_000, "sqlite", 1.0, Path())
    assert [(r.id, r.verdict) for r in results(run, ["A", "B", "C"])] == [
        ("A", "met"), ("A", "not measured"), ("C", "missed"),
    ]  # fmt: skip
    assert [r.id for r in results(run, ["C"])] == ["C"]


def constant(factor: float) -> list:
    """Return blocks in which the first arm takes exactly `factor` times as long."""
    return blocks(factor, spread=0)


def measured(wall: float, cpu: float, noise: tuple[float, float], inside: bool = True) -> Measured:
    """Return what a run measured: ratios by both clocks, and those of the controls."""
    return Measured(
        Samples(constant(wall), constant(cpu)), [Samples(constant(noise[0]), constant(noise[1]))] * 2, inside
    )


def test_a_noisy_machine_is_measured_again_and_then_void(monkeypatch):
    tries = []
    monkeypatch.setattr("benchmarks.goals.control", lambda *_: tries.append(1) or Samples(blocks(1.3), blocks(1.3)))
    monkeypatch.setattr("benchmarks.goals.compare", lambda *_: Samples(blocks(1.0), blocks(1.0)))
    found = Run(1_000, "sqlite", 1.0, Path()).measure(lambda n: None, lambda n: None)
    assert len(tries) == 6, "before and after, three times"
    assert ratio_result("X", "x", Goal(99), found).verdict == "void"


@pytest.mark.parametrize(
    ("found", "figure", "verdict"),
    [
        (measured(1.1, 3.0, noise=(1.0, 1.0)), 1.1, "met"),
        (measured(3.0, 1.1, noise=(1.2, 1.0)), 1.1, "met"),  # the clock was disturbed, CPU time was not
        (measured(1.1, 3.0, noise=(1.2, 1.0)), 3.0, "missed"),
        (measured(1.1, 1.1, noise=(1.2, 1.2)), 1.1, "void"),
        (measured(1.1, 1.1, noise=(1.2, 1.0), inside=False), 1.1, "void"),  # a server's time is not in this process
    ],
)
def test_cpu_time_is_judged_where_the_clock_was_disturbed(found, figure, verdict):
    result = ratio_result("X", "x", Goal(1.2), found)
    assert result.figure and result.figure.middle == pytest.approx(figure)
    assert result.verdict == verdict


def test_the_table_names_engine_size_and_interval(tmp_path):
    run = Run(10_000, "sqlite", 4.0, tmp_path)
    quiet = Measured(Samples(blocks(1.0), blocks(1.0)), [Samples(blocks(1.0), blocks(1.0))])
    found = [ratio_result("P1", "page / view", Goal(1.2), quiet)]
    shown = markdown(found, run)
    assert "Engine sqlite, 10,000 generated documents" in shown
    assert "| P1 | page / view |" in shown and "| <= 1.2 |" in shown and " to " in shown and "10 x 50 pairs" in shown
    assert "| void " in markdown([ratio_result("P1", "x", Goal(1), measured(1, 1, noise=(2, 2)))], run)
    kept = keep(found, run, tmp_path).read_text()
    assert '"verdict": "met"' in kept and '"wall"' in kept


def test_the_corpus_is_the_same_each_time_and_a_larger_one_begins_alike():
    assert list(Corpus().records(50)) == list(islice(Corpus().records(200), 50))
    assert list(Corpus(seed=1).records(5)) != list(Corpus(seed=2).records(5))


def test_words_come_as_often_as_their_class_says():
    corpus, size = Corpus(), 1_500
    holders = Counter(w for r in corpus.records(size) for w in set(r.summary.lower().replace(".", "").split()))
    asked = corpus.queries()
    assert all(0.1 < holders[word] / size < 0.65 for word in asked.common)
    assert all(0.003 < holders[word] / size < 0.02 for word in asked.mid)
    assert all(holders[word] / size < 0.003 for word in asked.rare)
    assert len(set(corpus.words)) == len(corpus.words)
    assert {len(getattr(asked, name)) for name in ("rare", "mid", "common", "and2", "or3")} == {20}


def test_editions_follow_their_work_in_another_language():
    records = list(Corpus().records(2_000))
    editions = [(a, b) for a, b in zip(records, records[1:], strict=False) if b.edition]
    assert 20 < len(editions) < 150
    assert all(a.language != b.language and not a.edition for a, b in editions)


def test_it_refuses_to_run_with_debug():
    command = [sys.executable, "-m", "benchmarks", "--size", "1000"]
    done = subprocess.run(command, cwd=ROOT, env={"DEBUG": "1", "PATH": ""}, capture_output=True, text=True)
    assert done.returncode == 1 and "Unset DEBUG" in done.stderr


def test_it_refuses_an_unknown_goal_size_or_fault():
    for words, answer in ((["--size", "5"], "at least 1000"), (["--engine", "none"], "invalid choice")):
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks", *words], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 2 and answer in done.stderr


def test_an_empty_corpus_is_refused(monkeypatch):
    empty = SimpleNamespace(get=lambda address: Answer(200, {}, b"<h1>Experts</h1>"))
    monkeypatch.setattr("benchmarks.visits.site", lambda: empty)
    with pytest.raises(RefusedError, match="no rows: load the content"):
        first_of("/en/experts/")


@pytest.mark.django_db  # the end of a request looks after connections
def test_an_error_page_is_refused(monkeypatch):
    broken = Site.__new__(Site)
    broken.application = lambda environ, start: start("500 Internal Server Error", []) or HttpResponse(b"sorry")
    with pytest.raises(RefusedError, match="/en/ answers 500"):
        broken.get("/en/")
