"""The secret of an installation that has only its own folder."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def kept_secret(folder: Path) -> str:
    """Return the secret kept in `folder`, making it at the first start.

    Two processes that start at once agree: the file appears whole (rename), and both read what stands there.
    """
    file = folder / "secret_key"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(get_random_secret_key())
        try:
            os.link(draft, file)
        except FileExistsError:
            pass  # the other process was first: its secret stands
        draft.unlink()
    return file.read_text()
