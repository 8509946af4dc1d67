"""What a run says: one line for each fault, and all that was wrong."""

from collections.abc import Sequence

SHOWN = 5  # of what is wrong with one invariant


def table(verdicts: Sequence[dict]) -> str:
    """Return the table of verdicts: `+` holds, `X` does not, `.` was not looked at."""
    names = list(dict.fromkeys(name for verdict in verdicts for name in verdict["wrong"]))
    short = [name.split()[0] for name in names]
    width = max((len(_title(verdict)) for verdict in verdicts), default=0)
    lines = ["  ".join(["fault".ljust(width), *short, "verdict"])]
    for verdict in verdicts:
        marks = [_mark(verdict, name).ljust(len(head)) for name, head in zip(names, short, strict=True)]
        lines.append("  ".join([_title(verdict).ljust(width), *marks, "green" if verdict["good"] else "RED"]))
    return "\n".join(lines)


def _title(verdict: dict) -> str:
    return f"{verdict['number']:>2} {verdict['name']} ({verdict['way']})"


def _mark(verdict: dict, name: str) -> str:
    return "." if name not in verdict["wrong"] else "X" if verdict["wrong"][name] else "+"


def story(verdict: dict) -> str:
    """Return what one fault showed: its figures, and what was wrong."""
    lines = [f"{'green' if verdict['good'] else 'RED  '} {_title(verdict)}"]
    lines.append("      " + "; ".join(f"{name} {value}" for name, value in verdict["figures"].items()))
    for name, wrong in verdict["wrong"].items():
        lines += [f"      {name}: {text}" for text in wrong[:SHOWN]]
        if len(wrong) > SHOWN:
            lines.append(f"      {name}: and {len(wrong) - SHOWN} more")
    return "\n".join(lines)
