"""What the options of `fitnet tune` say: what is fixed, which settings a trial has, and what makes a study the same."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitnet.cli.fit_settings import settings_from
from fitnet.errors import ArgumentValueError
from fitnet.files.atomic_write import probe_folder
from fitnet.files.drawing import check_drawing
from fitnet.files.paths import followed
from fitnet.fitting.solver_choice import AUTO

if TYPE_CHECKING:
    from fitnet.fitting.settings import Settings
    from fitnet.tables import Selection

# Settings of a network that no trial gives, as `fitnet fit` has them.
UNSET = {
    **{"solver": AUTO, "hidden_layer_sizes": None, "activation": "relu", "learning_rate": None, "batch_size": None},
    **{"alpha": 0.0, "early_stopping": False},
}
SAME_FOR_ALL = ("loss", "target_transform", "lower_bound", "scaling", "max_epochs", "dtype", "n_threads", "missing")
MARKED = ("seed", "test_fraction", "sampler", "pruner", *(name for name in SAME_FOR_ALL if name != "n_threads"))


def fixed_settings(options: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that the user gave, which are not searched."""
    return {name: options[name] for name in UNSET if options[name] is not None}


def settings_maker(options: Mapping[str, Any], *, of_classes: bool) -> Callable[[Mapping[str, Any]], "Settings"]:
    """What makes settings of those of a trial, the very ones that `fitnet fit` makes of its options."""
    for_all = {name: options[name] for name in SAME_FOR_ALL}

    def settings_of(chosen: Mapping[str, Any]) -> "Settings":
        own = {name: tuple(value) if isinstance(value, list) else value for name, value in chosen.items()}
        settings = settings_from(**UNSET | for_all | own, checkpoint=None, error_bars="auto")
        return with_classes(settings, "alpha" in own) if of_classes else settings

    return settings_of


def with_classes(settings: "Settings", alpha_given: bool) -> "Settings":
    """The settings as `Classifier` has them; the penalty is chosen unless it is given."""
    from fitnet.estimators.classifier import FIXED

    changed: dict[str, Any] = FIXED if alpha_given else FIXED | {"alpha": AUTO}
    return replace(settings, recipe=replace(settings.recipe, **changed))


def mark_of(
    options: Mapping[str, Any], selection: "Selection", table_sha256: str, space: Mapping[str, Any]
) -> dict[str, Any]:
    """What a study must have in common with another to be the same, as JSON gives it back."""
    mark = {
        "table_sha256": table_sha256,
        "features": selection.feature_names,
        "targets": selection.target_names,
        "task": "regression" if selection.classes is None else "classification",
        **{name: options[name] for name in MARKED},
        "space": space,
    }
    found: dict[str, Any] = json.loads(json.dumps(mark))
    return found


def file_of(storage: str | None) -> Path | None:
    """The file that a storage is; None where it is memory or a database elsewhere."""
    return None if storage is None or "://" in storage else Path(storage)


def check_is_file(table: str) -> None:
    """Refuse standard input, for a sweep reads its table several times."""
    if table == "-":
        raise ArgumentValueError("`TABLE` is standard input; it must be a file.", "TABLE")


def check_pictures(folder: Path | None) -> None:
    """Make the folder `--pictures`, where it is given, and try it."""
    if folder is None:
        return
    check_drawing("A picture")
    if folder.exists() and not folder.is_dir():
        raise ArgumentValueError(f"`pictures` is {str(folder)!r}, a file; it must be a folder.", "pictures")
    followed(folder)
    folder.mkdir(parents=True, exist_ok=True)
    probe_folder(folder)
