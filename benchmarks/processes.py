"""Child processes: every measurement has its own, so that no peer's threads or memory touch another's."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LONGEST_SECONDS = 600


@dataclass(frozen=True)
class Failure:
    """Why a child gave nothing, in one line."""

    reason: str


def run_module(module: str, *arguments: object) -> dict[str, Any] | Failure:
    """The JSON object that `python -m module arguments` prints as its last line."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Failure(f"took longer than {LONGEST_SECONDS} s")
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        return Failure(lines[-1])
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result
