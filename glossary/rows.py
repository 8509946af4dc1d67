"""The rows of `content/glossary/terms-*.csv`: one for each designation, those of a concept together.

Cells of the concept stand on its first row, cells of a language on the first row of that language.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.converters import NUMBER
from core.loading import Problem, Report, Row, RowError, read_csv

COLUMNS = (
    "concept_id", "status", "collection", "themes", "countries", "broader_ids", "related_ids", "lang", "lang_state",
    "definition", "definition_source", "definition_url", "note", "example", "term", "kind", "term_status", "pos",
    "gender", "number", "region", "qualifier", "context", "source", "link_mode", "forms", "reason", "replaced_by",
)  # fmt: skip


def concept_rows(folder: Path, report: Report) -> Iterator[Row]:
    """Yield one row for each concept; its values are `rows`, those of its designations.

    Of a concept beside a row that could not be read nobody knows whether it is whole: it is not loaded.
    """
    files = sorted((folder / "glossary").glob("terms-*.csv"))
    if not files:
        report.problems.append(Problem(folder / "glossary", 0, "there is no file terms-*.csv"))
    seen: dict[str, Path] = {}
    for path in files:
        before = len(report.problems)
        rows = list(read_csv(path, COLUMNS, lambda v: f"{v['concept_id']} {v['lang']} {v['term']}", report))
        broken = _beside(rows, [problem.line for problem in report.problems[before:]])
        for concept in dict.fromkeys(row.values["concept_id"] for row in rows):
            own = [row for row in rows if row.values["concept_id"] == concept]
            if reason := _refused(concept, own, broken, seen):
                report.problems.append(Problem(path, own[0].line, reason))
                continue
            seen[concept] = path
            yield Row(concept, path, own[0].line, {"rows": [row.values for row in own]})


def _refused(concept: str, own: Sequence[Row], broken: set[str], seen: dict[str, Path]) -> str:
    if not re.fullmatch(NUMBER, concept):
        return f"concept_id {concept!r}: write a number"
    if concept in seen:
        return f"concept {concept} stands in {seen[concept].name} already: keep all its rows there"
    if concept in broken:
        return f"concept {concept} was not loaded: correct the row beside it that could not be read"
    return ""


def _beside(rows: Sequence[Row], bad_lines: Sequence[int]) -> set[str]:
    """Return the concepts of the nearest good rows before and after each bad line."""
    found = set()
    for line in bad_lines:
        before = [row for row in rows if row.line < line]
        after = [row for row in rows if row.line > line]
        found |= {row.values["concept_id"] for row in (*before[-1:], *after[:1])}
    return found


def once(lines: Sequence[dict[str, str]], columns: Sequence[str], what: str) -> dict[str, str]:
    """Return the first row, which holds the cells of the group. Raises RowError where a later one has others."""
    first, *others = lines
    for values in others:
        for column in columns:
            if values[column] not in ("", first[column]):
                raise RowError(
                    f"{column} of “{values['term']}” ({values['lang']}): write it on the first row of the {what} only"
                )
    return first


def parts(cell: str) -> list[str]:
    """Split a cell at its semicolons."""
    return [part.strip() for part in cell.split(";") if part.strip()]
