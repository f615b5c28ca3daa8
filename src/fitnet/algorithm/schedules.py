"""Schedules: the factor on the learning rate as a function of training progress.

Progress is steps done / steps in all, in [0, 1); the factor is what the optimizer's learning rate is multiplied by.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from fitnet.arguments import Array, real_number, whole_number


class Schedule(Protocol):
    """A factor for every point of training progress."""

    def factor(self, progress: Array) -> Array:
        """The factor at each entry of `progress`, same shape, float64."""
        ...


@dataclass(frozen=True)
class Constant:
    """The learning rate as it was given."""

    def factor(self, progress: Array) -> Array:
        return np.ones_like(progress)


@dataclass(frozen=True)
class Cosine:
    """Half a cosine from 1 down to `final_factor` (Loshchilov and Hutter 2017, without restarts)."""

    final_factor: float = 0.0

    def __post_init__(self) -> None:
        real_number("final_factor", self.final_factor, 0, 1)

    def factor(self, progress: Array) -> Array:
        return self.final_factor + (1 - self.final_factor) * 0.5 * (1 + np.cos(np.pi * progress))


@dataclass(frozen=True)
class StepDecay:
    """Multiply by `decay` each time another 1/`levels` of the training is done."""

    decay: float = 0.1
    levels: int = 3

    def __post_init__(self) -> None:
        real_number("decay", self.decay, 0, 1, low_included=False)
        whole_number("levels", self.levels)

    def factor(self, progress: Array) -> Array:
        level: Array = np.floor(self.levels * progress)
        return np.full_like(level, self.decay) ** level


SCHEDULES: dict[str, Schedule] = {"constant": Constant(), "cosine": Cosine(), "step": StepDecay()}
