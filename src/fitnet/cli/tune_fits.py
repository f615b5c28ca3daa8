"""The fits around a sweep, each by the command `fitnet fit` itself: the best trial's, and those it is compared with."""

import io
import json
import shlex
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from fitnet.cli.fit import fit
from fitnet.cli.options import is_typed, typed_options, typed_values
from fitnet.cli.output import INTERRUPTED, complain
from fitnet.cli.tune_options import UNSET
from fitnet.errors import FITNET_ERRORS
from fitnet.files.atomic_write import write_atomically

if TYPE_CHECKING:
    from fitnet.tables import Selection

# Options of the sweep alone, of its settings, and of what a fit is not shaped by.
NOT_OF_FITS = (
    *("trials", "storage", "study", "sampler", "pruner", "pictures", "alone", "out", "as_json", "n_threads"),
    *UNSET,
)
EFFORT = "fast"
TUNED, UNASKED, ENSEMBLE = "tuned network", "one network, unasked", f"ensemble, {EFFORT}"
# Options of a single network, which an ensemble chooses itself.
OF_NETWORK = ("loss", "scaling", "max_epochs", "dtype", "lower_bound")


def words_of(settings: dict[str, Any]) -> list[str]:
    """The settings as options of `fitnet fit`."""
    words = []
    for option in fit.params:
        value = settings.get(option.name or "")
        if isinstance(option, click.Option) and value is not None and value is not False:
            words += [option.opts[-1], *typed_values(option, tuple(value) if isinstance(value, list) else value)]
    return words


def fitted_by_command(table: str, words: list[str], destination: Path) -> tuple[str, dict[str, Any]]:
    """Run `fitnet fit` on the table with what was typed and these words, and put the model at the destination.

    Given back are the command as the model keeps it, with the table's path, and what it says as JSON.

    Raises
    ------
    KeyboardInterrupt
        After Ctrl-C; what was there stays as it was.
    """
    from fitnet.model.loading import load

    asked = click.get_current_context()
    threads = asked.params["n_threads"]
    unsaid = [] if threads is None else ["--threads", str(threads)]
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "model.fitnet"
        arguments = [table, *typed_options(without=NOT_OF_FITS), *words, *unsaid, "--out", str(kept), "--json"]
        try:
            with redirect_stdout(said):
                fit.main(arguments, "fitnet fit", standalone_mode=False, help_option_names=asked.help_option_names)
        except SystemExit as ended:
            if ended.code == INTERRUPTED:
                raise KeyboardInterrupt from None
            raise
        write_atomically(destination, kept.read_bytes())
        command = shlex.split(load(kept).provenance["command"])
    said.seek(0)
    facts: dict[str, Any] = json.loads(said.read())
    return shlex.join([*command[:2], table, *command[3:]]), facts


def comparison(table: str, fit: dict[str, Any], selection: "Selection", alone: bool) -> dict[str, Any]:
    """How the best network does on the rows that no trial saw, beside baselines and, unless `alone`, fits untuned."""
    judged, of_classes = {TUNED: fit["evaluation"]}, selection.classes is not None
    if fit["evaluation"] is not None and not alone:
        for name, words in untuned(selection, of_classes).items():
            with TemporaryDirectory() as folder:
                try:
                    _, other = fitted_by_command(table, words, Path(folder) / "other.fitnet")
                except FITNET_ERRORS as error:
                    complain(f"There is no {name!r} to compare with. {error}")
                else:
                    judged[name] = other["evaluation"]
    names = ("rows", "rows_left_out", "training_rows", "validation_rows", "kept_out_rows", "architecture", "activation")
    return {**{name: fit[name] for name in names}, "evaluation": side_by_side(judged, of_classes=of_classes)}


def untuned(selection: "Selection", of_classes: bool) -> dict[str, list[str]]:
    """The fits to compare with, as the words that ask for them; no ensemble where an option asks for one network."""
    from fitnet.engine.threads import thread_count
    from fitnet.fitting.ensemble_rows import why_no_ensemble

    found = {UNASKED: ["--solver", "auto"]}
    asked = click.get_current_context().params
    what = selection.X, selection.Y, EFFORT, asked["test_fraction"], thread_count(asked["n_threads"])
    if not any(map(is_typed, OF_NETWORK)) and why_no_ensemble(*what, of_classes=of_classes) is None:
        found[ENSEMBLE] = ["--effort", EFFORT]
    return found


def side_by_side(judged: dict[str, Any], *, of_classes: bool) -> dict[str, Any] | None:
    """The errors of each by target, in place of those of "network"; the baselines are those of the first."""
    first = judged[TUNED]
    if first is None:
        return None
    if of_classes:
        return {name: found["network"] for name, found in judged.items()} | without_network(first)
    return {
        target: {name: found[target]["network"] for name, found in judged.items()} | without_network(errors)
        for target, errors in first.items()
    }


def without_network(errors: dict[str, Any]) -> dict[str, Any]:
    """The errors of the baselines."""
    return {name: measures for name, measures in errors.items() if name != "network"}
