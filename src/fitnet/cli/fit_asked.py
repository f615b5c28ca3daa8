"""What is asked of a fit beside the networks' settings: rows kept out, random numbers, and what is kept on the way."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Asked:
    """What all fits of the shell are given.

    Attributes
    ----------
    test_fraction
        Of the rows, to be kept out.
    seed
        Of the rows kept out and of the training.
    n_threads
        None for all usable cores.
    checkpoint, resume
        A file, of an ensemble a folder, or None; and whether to go on from it.
    imputes
        Whether gaps are filled in by the rows to train on.
    smooth
        Whether an ensemble's networks must be without kinks.
    class_weight
        As it was typed: none, balanced, or label=weight,...
    origin
        What the provenance says of the command.
    """

    test_fraction: float
    seed: int
    n_threads: int | None
    checkpoint: Path | None
    resume: bool
    imputes: bool
    smooth: bool
    class_weight: str
    origin: dict[str, Any]

    @property
    def shaping(self) -> dict[str, bool]:
        """What of it shapes an ensemble's networks, for the provenance; nothing unless asked for."""
        return {"smooth": True} if self.smooth else {}
