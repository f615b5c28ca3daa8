"""Optuna, where it is installed: an extra, loaded by nothing but a sweep."""

from importlib import import_module
from typing import Any

from fitnet.errors import MissingPackageError


def optuna_for(what: str) -> Any:
    """The package Optuna, for `what` needs it.

    Raises
    ------
    MissingPackageError
        If it is not installed; the sentence says how to get it.
    """
    try:
        return import_module("optuna")
    except ImportError:
        raise MissingPackageError(
            f"{what} needs the package optuna; install it with: pip install 'fitnet[optuna]'."
        ) from None
