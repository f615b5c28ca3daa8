"""Identity: what a model is and where it comes from, in the words of the page's last section."""

from collections.abc import Mapping, Sequence
from shlex import quote
from typing import Any

from fitnet.arguments import counted
from fitnet.model.description import Description, as_learned, levels_in_short
from fitnet.model.ensemble import AnyModel, Ensemble
from fitnet.model.ensemble_description import EnsembleDescription
from fitnet.reports.number_text import written

ARROW = " → "
SHOWN_SHAPES = 6  # of an ensemble's networks; more are counted
OF_ROWS = (("training_rows", "for training"), ("validation_rows", "watched"), ("kept_out_rows", "kept out"))
OF_VERSIONS = (("fitnet", "fitnet"), ("numpy", "NumPy"), ("engine", "engine"))
OF_DATA = (
    ("table", "Table"),
    ("table_sha256", "SHA-256 of the table's numbers"),
    ("data_sha256", "SHA-256 of the training rows"),
)


def identity(model: AnyModel, model_file: str | None = None) -> dict[str, Any]:
    """What `model` is: by name what the page shows, as JSON can hold it.

    Keys: "kind" ("network" or "ensemble"), "summary" (half a sentence), "properties" and "settings" (pairs of label and
    text), "recipes" and the "measure" of their errors, "inputs" and "targets" (lists of columns), "command" (what makes
    the model again, None where it is not known), "loading" (a program that uses it), "exporting" (a command that makes
    code of it).
    """
    told = EnsembleDescription.of(model) if isinstance(model, Ensemble) else Description.of(model)
    provenance = told.provenance
    settings = provenance.get("settings")
    return {
        "kind": "ensemble" if isinstance(told, EnsembleDescription) else "network",
        "summary": summary(told),
        "properties": [*of_networks(told), *of_targets(told), *of_origin(provenance)],
        "settings": [[str(name), text_of(value)] for name, value in sorted(settings.items())]
        if isinstance(settings, Mapping)
        else [],
        "recipes": told.leaderboard if isinstance(told, EnsembleDescription) else [],
        "inputs": [input_line(column) for column in told.as_dict()["inputs"]],
        "measure": "RMSE" if model.classes is None else "Log loss",
        "targets": [{"name": column.name, "unit": column.unit} for column in told.targets],
        "command": provenance["command"] if isinstance(provenance.get("command"), str) else None,
        "loading": loading(model, model_file),
        "exporting": f"fitnet export {quote(model_file or 'model.fitnet')} --to c",
    }


def summary(told: Description | EnsembleDescription) -> str:
    """Half a sentence: what it is and how large."""
    if isinstance(told, Description):
        return f"one network of {told.parameters:,} parameters"
    return f"an ensemble of {counted(len(told.members), 'network')} with {told.parameters:,} parameters"


def of_networks(told: Description | EnsembleDescription) -> list[list[str]]:
    """Layers, activations, numbers."""
    if isinstance(told, Description):
        return [
            ["Layers", layers(told.architecture)],
            ["Activations", ", ".join(told.activations)],
            ["Parameters", f"{told.parameters:,} in {told.dtype}"],
        ]
    shapes: dict[str, list[int]] = {}
    for each in told.members:
        shape = f"{layers(each.architecture).partition(ARROW)[2]} ({each.activations[0]})"
        shapes.setdefault(shape, []).append(each.architecture[0][0])
    most = sorted(shapes.items(), key=lambda found: -len(found[1]))
    shown = [f"{len(widths)} of {between(widths)}{ARROW}{shape}" for shape, widths in most[:SHOWN_SHAPES]]
    others = f"and {len(shapes) - SHOWN_SHAPES} other shapes" if len(shapes) > SHOWN_SHAPES else None
    dtypes = ", ".join(sorted({each.dtype for each in told.members}))
    return [
        ["Networks", "; ".join([*shown, *([others] if others else [])])],
        ["Parameters", f"{told.parameters:,} in {dtypes}"],
    ]


def layers(architecture: list[tuple[int, int]]) -> str:
    """Widths from the inputs on: "5 → 64 → 64 → 1"."""
    return ARROW.join(str(width) for width in (architecture[0][0], *(outputs for _, outputs in architecture)))


def between(widths: Sequence[int]) -> str:
    """The widths from the least to the most: "94 to 106", of columns cut into more pieces in some folds than others."""
    low, high = min(widths), max(widths)
    return str(low) if low == high else f"{low} to {high}"


def of_targets(told: Description | EnsembleDescription) -> list[list[str]]:
    """Which targets are learned as logarithms, and how much noise was found in them."""
    lines = []
    learned = [
        as_learned(each.name, each.transform, each.lower_bound)
        for each in told.targets
        if each.transform is not None and each.lower_bound is not None
    ]
    if learned:
        lines.append(["Learned as", ", ".join(learned[:SHOWN_SHAPES])])
    if isinstance(told, Description) and told.effective_parameters is not None:
        lines.append(["Parameters that the rows determined", written(told.effective_parameters, 4)])
    return lines


def of_origin(provenance: Mapping[str, Any]) -> list[list[str]]:
    """Rows, epochs, seed, versions and digests, as far as the model keeps them."""
    lines = []
    rows = [f"{provenance[key]} {use}" for key, use in OF_ROWS if provenance.get(key)]
    if rows:
        lines.append(["Rows", ", ".join(rows)])
    elif isinstance(provenance.get("rows"), int):
        lines.append(["Rows", f"{provenance['rows']} for training"])
    if isinstance(provenance.get("epochs"), int):
        best = provenance.get("best_epoch")
        lines.append(["Epochs", str(provenance["epochs"]) + ("" if best is None else f", the best was {best}")])
    seed = provenance.get("seed", provenance.get("random_state"))
    if seed is not None:
        lines.append(["Seed", str(seed)])
    versions = [f"{label} {provenance[key]}" for key, label in OF_VERSIONS if key in provenance]
    if versions:
        lines.append(["Made with", ", ".join(versions)])
    return lines + [[label, str(provenance[key])] for key, label in OF_DATA if isinstance(provenance.get(key), str)]


def text_of(value: Any) -> str:
    """A setting's value without the quotes that Python puts around a word."""
    text = str(value)
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == "'" else text


def input_line(column: Mapping[str, Any]) -> dict[str, Any]:
    """What the page says of an input: its name, unit, range or levels, and what fills its gaps."""
    levels = column.get("levels")
    return {
        "name": column["name"],
        "unit": column["unit"],
        "lowest": column["lowest"],
        "highest": column["highest"],
        "imputed": column.get("imputed"),
        "levels": None if levels is None else levels_in_short(levels),
    }


def loading(model: AnyModel, model_file: str | None) -> str:
    """A program that loads the model and predicts."""
    more_of_classes = () if model.classes is None else ("model.classes  # whose probabilities these are, in order",)
    names = ", ".join(map(repr, model.given_names[:3]))
    more = ", ..." if len(model.given_names) > 3 else ""
    return "\n".join(
        (
            "import fitnet",
            "",
            f"model = fitnet.load({model_file or 'model.fitnet'!r})",
            f"model.predict(table)  # a DataFrame with the columns {names}{more}; or an array",
            *more_of_classes,
        )
    )
