"""The verdict table, and raw samples on disk."""

import json
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.goals import Result, Run

HEAD = ("Id", "What", "Figure (95 %)", "CPU", "Goal", "A/A", "Verdict", "Note")


def row(result: Result) -> list[str]:
    return [
        result.id,
        result.what,
        str(result.figure or "-"),
        f"{result.cpu.middle:.3g}" if result.cpu else "",
        str(result.goal or ""),
        " ".join(f"{each:.2f}" for each in result.noise),
        result.verdict,
        result.note,
    ]


def markdown(found: Sequence[Result], run: Run) -> str:
    """Return the table as Markdown, with columns in line."""
    rows = [HEAD, *(row(result) for result in found)]
    widths = [max(len(line[place]) for line in rows) for place in range(len(HEAD) - 1)]
    lines = ["| " + " | ".join(c.ljust(w) for c, w in zip(line, [*widths, 0], strict=True)) + " |" for line in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in [*widths, 4]) + "|")
    pace = "all pairs" if run.full else f"{run.seconds:g} s for each ratio"
    return "\n".join([f"\nEngine {run.engine}, {run.size:,} generated documents, {pace}", "", *lines])


def keep(found: Sequence[Result], run: Run, folder: Path) -> Path:
    """Write everything with the raw samples (seconds) as JSON, and return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{run.engine}-{run.size}.json"
    content: dict[str, Any] = {
        "engine": run.engine,
        "size": run.size,
        "seconds": run.seconds,
        "machine": {"python": platform.python_version(), "system": platform.platform()},
        "results": [{**asdict(result), "verdict": result.verdict} for result in found],
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
