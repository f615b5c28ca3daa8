"""The record of a folder of predictions: which files are done, of which model and tables, so that others can follow.

It lies in the folder as lines of JSON, one added for each file once that is whole. A line that was cut short counts as
none.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fitnet.evaluation.ranges import Outside
from fitnet.tables.predictions import Asked
from fitnet.tables.streaming import Counted

NAME = ".fitnet-predictions"
CHUNK = 1 << 20


@dataclass(frozen=True, eq=False)
class Record:
    """What is written about the files of one folder.

    Attributes
    ----------
    path
        Where it lies.
    of_all
        What all its files have in common: the model's SHA-256, and what was asked.
    """

    path: Path
    of_all: Mapping[str, Any]

    @classmethod
    def of(cls, folder: Path, model_file: str, asked: Asked) -> "Record":
        """That of predictions by this model's file."""
        digest = hashlib.sha256()
        with Path(model_file).open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
        common = {"model_sha256": digest.hexdigest(), "asked": json.loads(json.dumps(asdict(asked)))}
        return cls(folder / NAME, common)

    def begin(self) -> None:
        """Forget what was done before."""
        self.path.unlink(missing_ok=True)

    def add(self, source: Path, target: Path, counted: Counted) -> None:
        """Write that a file is done."""
        outside = counted.outside
        line = {
            **self.of_all,
            **identity(source),
            "target": os.fspath(target),
            "rows": counted.rows,
            "rows_left_out": counted.n_dropped,
            "outside": [list(outside.names), outside.rows, outside.entries.tolist(), outside.beyond],
        }
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def done(self) -> dict[str, Any]:
        """By target, the last line about it that is whole and of this model and these questions."""
        found = {}
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except (FileNotFoundError, UnicodeDecodeError):
            return {}
        for text in lines:
            try:
                line = json.loads(text)
                if all(line[name] == value for name, value in self.of_all.items()):
                    found[line["target"]] = line
            except (ValueError, KeyError, TypeError):
                continue
        return found


def identity(source: Path) -> dict[str, Any]:
    """What tells whether a table is still the one it was."""
    status = source.stat()
    return {"source": os.fspath(source), "bytes": status.st_size, "changed": status.st_mtime_ns}


def counted_before(line: Mapping[str, Any] | None, source: Path, target: Path) -> Counted | None:
    """What was counted when this target was made of this table; None where it is to be made."""
    if line is None or not target.is_file():
        return None
    try:
        if any(line[name] != value for name, value in identity(source).items()):
            return None
        names, rows, entries, beyond = line["outside"]
        outside = Outside(tuple(names), rows, np.array(entries, int), beyond)
        return Counted(int(line["rows"]), int(line["rows_left_out"]), outside)
    except (ValueError, KeyError, TypeError):
        return None
