"""Memory: what a network takes, beside what the machine has."""

import os
from decimal import Decimal
from typing import Any

import numpy as np

from fitnet.errors import ArgumentValueError

COPIES = 4  # of the parameters in a training: themselves, their gradient, the best so far, what the solver keeps


def check_memory(argument: str, n_parameters: int, dtype: np.dtype[Any]) -> None:
    """Refuse a network that no training on this machine has room for.

    Raises
    ------
    ArgumentValueError
        If `n_parameters` of `dtype` take more than the machine's memory in training.
    """
    needed, there = COPIES * n_parameters * dtype.itemsize, machine_memory()
    if there is not None and needed > there:
        raise ArgumentValueError(
            f"`{argument}` asks for {Decimal(n_parameters):.3g} parameters, which take {gigabytes(needed)} in training "
            f"with {dtype.name}; this machine has {gigabytes(there)}.",
            argument,
        )


def machine_memory() -> int | None:
    """The machine's memory in bytes, or None where the system does not tell."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def gigabytes(size: int) -> str:
    return f"{Decimal(size) / 10**9:.3g} GB"
