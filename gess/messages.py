"""Compiles translations with Babel: GNU gettext's tools need not be on the machine."""

import os
from collections.abc import Iterable
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po


def compile_messages(folders: Iterable[str | Path]) -> list[Path]:
    """Write the `.mo` file of every `.po` file below these locale folders that is newer; return what was written.

    Files appear whole, so processes that start at once do not disturb each other. Raises ValueError naming a
    `.po` file that cannot be read.
    """
    written = []
    for folder in folders:
        for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                _compile(source, target)
                written.append(target)
    return written


def _compile(source: Path, target: Path) -> None:
    draft = target.with_suffix(f".{os.getpid()}.tmp")
    try:
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parts[-3], abort_invalid=True)
    except PoFileError as error:
        raise ValueError(f"{source}, line {error.lineno + 1}: {error}") from error
    except ValueError as error:  # the encoding, or a number in brackets
        raise ValueError(f"{source}: {error}") from error
    with draft.open("wb") as file:
        write_mo(file, catalog)
    draft.rename(target)
