"""Makes `.venv` and installs one requirements file into it; does nothing when that was done before.

    python3 install.py requirements.txt

Needs only Python itself. `make` calls it before every target.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".installed"  # what is installed: requirements file -> its hash
MINIMUM = (3, 11)
UV = "uv==0.13.9"


def main(requirements: str) -> None:
    """Install `requirements` unless exactly this file is installed."""
    if sys.version_info < MINIMUM:
        sys.exit(f"GESS needs Python 3.11 or newer, this is {sys.version.split()[0]}. Try: make PYTHON=python3.11")
    if not works(PYTHON):
        make_environment()
    digest = hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()
    installed = json.loads(STAMP.read_text()) if STAMP.exists() else {}
    if installed.get(requirements) != digest:
        install(requirements)
        STAMP.write_text(json.dumps({requirements: digest}))


def works(python: Path) -> bool:
    """Say whether the environment is there and usable: a moved folder or a removed Python leaves a dead one."""
    try:
        return subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_environment() -> None:
    """Create `.venv`, replacing a dead one."""
    print("Creating .venv ...", flush=True)
    command = [sys.executable, "-m", "venv", "--clear", VENV]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        version = ".".join(map(str, sys.version_info[:2]))
        sys.exit(
            f"Python's venv module does not work. On Debian and Ubuntu install it first, as root:\n"
            f"  apt-get install python{version}-venv"
        )


def install(requirements: str) -> None:
    """Install with uv, which takes seconds; with pip, which takes a minute, where uv cannot."""
    print(f"Installing {requirements} ...", flush=True)
    pip = [PYTHON, "-m", "pip"]
    wanted = ["--require-hashes", "-r", ROOT / requirements]
    if run([*pip, "install", "--quiet", "--disable-pip-version-check", UV]):
        uv = [VENV / "bin" / "uv", "pip", "install", "--python", PYTHON, "--compile-bytecode"]
        if run([*uv, *wanted]):
            return
    print("uv could not; trying pip, which takes a minute ...", flush=True)
    if not run([*pip, "install", "--disable-pip-version-check", *wanted]):
        sys.exit("The packages could not be installed. Look at the messages above; is the network reachable?")


def run(command: list) -> bool:
    return subprocess.run(command, check=False).returncode == 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
