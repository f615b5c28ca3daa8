"""The report: what a model is worth on rows, what it learned and what it is, in one HTML file that runs the model.

Shapes: X (n, p), y (n, m) or (n,), in the user's units.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from itertools import count
from os import PathLike
from typing import Any

from fitnet.arguments import whole_number
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.files.atomic_write import write_atomically
from fitnet.model.ensemble import AnyModel, Ensemble
from fitnet.model.model import Model
from fitnet.reports.content import Content
from fitnet.reports.evidence import Evidence
from fitnet.reports.identity import identity
from fitnet.reports.page import page
from fitnet.training.progress import ProgressBar

STEPS = 9  # of the progress bar
FRAME_HEIGHT = 800  # pixels, in a notebook
LONGEST_TITLE, LONGEST_NAME, NAMED_INPUTS = 200, 40, 5


@dataclass(frozen=True, eq=False)
class Report:
    """A report, as `fitnet.report` gives it; a notebook shows it in a frame.

    Attributes
    ----------
    html
        The file's text.
    facts
        All that was measured, as JSON can hold it.
    verdict
        The statements in plain words, each with "sentence", "figure", "tone" and "advice".
    """

    html: str
    facts: Mapping[str, Any]
    verdict: list[dict[str, Any]]

    def save(self, path: str | PathLike[str]) -> None:
        """Write the file at `path`, as a whole or not at all.

        Raises
        ------
        OSError
            If it cannot be written; `filename` is `path`.
        """
        write_atomically(path, self.html.encode("utf-8", "replace"))

    def __repr__(self) -> str:
        return f"Report({self.verdict[0]['sentence']!r})" if self.verdict else "Report()"

    def _repr_html_(self) -> str:
        """The report in a frame that may run its own script and nothing of the notebook's."""
        return (
            f'<iframe title="fitnet report" sandbox="allow-scripts allow-modals" srcdoc="{escape(self.html)}" '
            f'style="width: 100%; height: {FRAME_HEIGHT}px; border: 0"></iframe>'
        )


def report(
    model: Any,
    X: Any,
    y: Any,
    *,
    path: str | PathLike[str] | None = None,
    title: str | None = None,
    seed: int = 0,
    verbose: bool = False,
) -> Report:
    """Judge `model` on the rows of X and y, and draw a report: one HTML file that runs the model and needs no network.

    It is judged by rows that it did not see, where there are any: a table it was not trained on, the rows that
    `fitnet fit` kept out of this one, or the predictions out of fold of an `AutoRegressor` or `AutoClassifier` fitted
    to these rows; the report says which.

    Parameters
    ----------
    model
        A `Model`, an `Ensemble`, or a fitted `Regressor`, `AutoRegressor`, `Classifier` or `AutoClassifier`.
    X, y
        Matrices, or frames, whose columns are found by name; y may be (n,). Of a model of classes y has labels (n,).
    path
        Where the file goes; None writes none.
    title
        What stands above; the targets and inputs unless given.
    seed
        Of the rows drawn where they are many, and of what is shuffled.
    verbose
        Whether a bar shows how far it is.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If X and y are not rows that the model takes, there are none, or the model is anything else.
    OSError
        If the file cannot be written.
    """
    whole_number("seed", seed, 0)
    if title is not None and not isinstance(title, str):
        raise ArgumentTypeError(f"`title` is {title!r}; it must be text.", "title")
    drawn = drawn_report(model_of(model), X, y, Evidence.of(model), title, seed, verbose)
    if path is not None:
        drawn.save(path)
    return drawn


def drawn_report(
    model: AnyModel,
    X: Any,
    y: Any,
    evidence: Evidence,
    title: str | None = None,
    seed: int = 0,
    verbose: bool = False,
    model_file: str | None = None,
) -> Report:
    """As `report`, with the evidence of the training that is at hand, and the model's file for how to load it."""
    with ProgressBar(STEPS, verbose, "step") as bar:
        steps = count()
        content = Content.of(model, X, y, evidence, seed, lambda what: bar.show(next(steps), what))
        bar.show(next(steps), "laying out the model")
        payload = {"title": title or title_of(model), **content.payload(model)}
        bar.show(next(steps), "drawing the page")
        html = page(payload, identity(model, model_file))
    return Report(html, content.facts, content.statements)


def model_of(model: Any) -> AnyModel:
    """The model itself, or the one that an estimator fitted."""
    found = getattr(model, "model_", model)
    if isinstance(found, Model | Ensemble):
        return found
    if hasattr(model, "fit") and not isinstance(model, type):
        raise ArgumentValueError(
            f"`model` is a {type(model).__name__} that was not fitted; call its `fit` before.", "model"
        )
    raise ArgumentTypeError(
        f"`model` is {type(model).__name__}; it must be a Model, an Ensemble or a fitted estimator.", "model"
    )


def title_of(model: AnyModel) -> str:
    """The targets and what they are predicted from, in a few words."""
    targets, inputs = model.output_names, model.given_names
    if model.classes is not None and isinstance(model.provenance.get("target"), str):
        targets = [model.provenance["target"]]
    shown = ", ".join(map(shortened, targets[:3])) + (f" and {len(targets) - 3} more" if len(targets) > 3 else "")
    source = ", ".join(map(shortened, inputs)) if len(inputs) <= NAMED_INPUTS else f"{len(inputs)} inputs"
    return f"{shown} from {source}"[:LONGEST_TITLE]


def shortened(name: str) -> str:
    """A name, or the beginning of a long one."""
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
