"""Provenance: where a model comes from, so that it can be made again."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from fitnet.algorithm.target_transform import LogTransform
from fitnet.engine.compute import Compute
from fitnet.fitting.recipe import is_auto
from fitnet.fitting.training_rows import TrainingRows
from fitnet.version import __version__


def provenance(
    rows: TrainingRows, random_state: Any, settings: Mapping[str, Any], transform: LogTransform | None
) -> dict[str, Any]:
    """Versions, settings, seed and data; the `settings` by name, "engine" among them, and the `transform` chosen."""
    return {
        "fitnet": __version__,
        "numpy": np.__version__,
        "engine": Compute(settings["engine"]).chosen.name,
        "rows": rows.n,
        "data_sha256": rows.sha256,
        "random_state": repr(random_state),
        "settings": {name: without_address(repr(value)) for name, value in sorted(settings.items())},
        **({"target_transform": repr(transform)} if is_auto(settings.get("target_transform")) else {}),
    }


def without_address(text: str) -> str:
    """What Python shows of a function or an object, without where it lies in this process's memory."""
    return re.sub(r" at 0x[0-9A-Fa-f]+", "", text)
