"""Playing the chosen faults on one stage."""

import argparse
import sys
import traceback
from collections.abc import Collection

from tests.faults import content
from tests.faults.canaries import Journal
from tests.faults.catalogue import FAULTS
from tests.faults.playing import Fault, Scene, Verdict, play
from tests.faults.report import story
from tests.faults.stage import Stage


def chosen(options: argparse.Namespace, servers: Collection[str]) -> list[Fault]:
    """Return the faults that were asked for and that these servers of this way can have, in their order."""
    return [
        fault
        for fault in FAULTS
        if options.way in fault.ways
        and fault.needs <= set(servers)
        and (not options.numbers or fault.number in options.numbers)
        and (not options.short or options.way in fault.short)
    ]


def run(stage: Stage, options: argparse.Namespace) -> list[dict]:
    """Play them one after the other and return their verdicts."""
    faults = chosen(options, stage.servers)
    if not faults:
        return []
    base = stage.root / "content.jsonl"
    people = content.people(stage.port)
    cases = content.cases(Journal(base))
    verdicts = []
    for fault in faults:
        scene = Scene.of(fault, stage, people, options.seed, options.seconds)
        try:
            verdict = as_data(play(fault, scene, cases, base), options)
        except Exception:  # one fault that breaks off must not hide what the others show
            broken_off = {"its own": [*scene.wrong, f"broke off:\n{traceback.format_exc()}"]}
            verdict = as_data(Verdict(fault, broken_off, scene.figures), options)
        sys.stdout.write(story(verdict) + "\n")
        sys.stdout.flush()
        stage.keep = stage.keep or not verdict["good"]
        verdicts.append(verdict)
    return verdicts


def as_data(verdict: Verdict, options: argparse.Namespace) -> dict:
    return {
        "number": verdict.fault.number, "name": verdict.fault.name, "way": options.way, "good": verdict.is_good,
        "wrong": verdict.wrong, "figures": verdict.figures, "seed": options.seed,
    }  # fmt: skip
