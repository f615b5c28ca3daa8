"""fitnet quadratic: the paper's experiments, and the pretrained models' answers."""

import shlex
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fitnet.cli.commands import TRAINING, TRIPLETS, Group
from fitnet.cli.destinations import check_folder
from fitnet.cli.options import typed_options
from fitnet.cli.output import INTERRUPTED, complain, json_option, print_json
from fitnet.cli.quadratic_options import roots_option, train_options
from fitnet.errors import ArgumentValueError

if TYPE_CHECKING:
    from fitnet.quadratic.experiment import Recipe, Run
    from fitnet.training.solvers import Solver

UNTYPED = ("seed", "seeds", "out", "as_json", "engine", "n_threads")  # they do not shape the model, or differ by run


@click.group(cls=Group, examples=("fitnet quadratic solve 1 -3 2",))
def quadratic() -> None:
    """Find the roots of a x^2 + b x + c with a network, as the paper does."""


@quadratic.command(
    folded=(TRIPLETS, TRAINING),
    examples=(
        "fitnet quadratic train --roots all --seeds 5 --out results",
        "fitnet quadratic train --solver lm --out results",
    ),
)
@train_options
@json_option
def train(
    seed: int,
    seeds: int | None,
    engine: str,
    n_threads: int | None,
    out: Path | None,
    as_json: bool,
    **settings: Any,
) -> None:
    """Train by the paper's recipe, or your own, and measure accuracy on unseen triplets."""
    from fitnet.arguments import whole_number
    from fitnet.quadratic.facts import RunFacts, means

    whole_number("seed", seed, 0, float("inf"))
    count = 1 if seeds is None else whole_number("seeds", seeds)
    recipe = recipe_from(**settings)
    if out is not None:
        check_folder(out)
    runs, facts = [], []
    for done, path in runs_of(recipe, range(seed, seed + count), out, engine=engine, n_threads=n_threads):
        runs.append(done)
        facts.append(RunFacts.of(done, path))
    pictures = save_pictures(runs[0], out) if out is not None else []
    if as_json:
        told = [asdict(each) for each in facts]
        print_json(told[0] if seeds is None else {"runs": told, "mean": means(facts)})
    else:
        from fitnet.cli.quadratic_report import print_runs

        print_runs(recipe, facts, pictures)
    if runs[-1].stopped == "interrupted":
        sys.exit(INTERRUPTED)


def runs_of(recipe: "Recipe", seeds: range, out: Path | None, **computing: Any) -> Iterator[tuple["Run", Path | None]]:
    """A run a seed, until one is interrupted, and the file in `out` that its model is saved to."""
    from fitnet.quadratic.experiment import run

    options = typed_options(without=UNTYPED)
    for seed in seeds:
        command = shlex.join(["fitnet", "quadratic", "train", *options, "--seed", str(seed)])
        done = run(recipe, seed, command=command, **computing)
        path = None if out is None else out / f"{recipe.problem.roots}-seed{seed}.fitnet"
        if path is not None:
            done.model.save(path)
        yield done, path
        if done.stopped == "interrupted":
            return


def recipe_from(
    roots: str,
    epochs: int | None,
    triplets: int,
    test_triplets: int,
    batch_size: int | None,
    solver: str,
    learning_rate: float | None,
    schedule: str,
    hidden: tuple[int, ...] | None,
    activation: str | None,
    initialization: str | None,
    alpha: float | None,
    dtype: str,
    scaled: bool | None,
    bounds: tuple[float, float],
    numbers: str,
    zero_a: bool,
) -> "Recipe":
    """The recipe that the options describe."""
    from fitnet.quadratic.experiment import Recipe
    from fitnet.quadratic.problem import Problem
    from fitnet.training.least_squares import LevenbergMarquardt
    from fitnet.training.solvers import is_second_order

    optimizer = solver_from(solver, learning_rate, schedule)
    second_order = is_second_order(optimizer)
    least_squares = isinstance(optimizer, LevenbergMarquardt)
    return Recipe(
        problem=Problem(roots, *bounds, numbers=numbers, zero_a=zero_a),
        triplets=triplets,
        test_triplets=test_triplets,
        hidden=hidden or ((16, 16, 16) if least_squares else (64, 64)),
        activation=activation or ("tanh" if second_order else "relu"),
        initialization=initialization or ("glorot" if second_order else "he"),
        solver=optimizer,
        epochs=(300 if least_squares else 10_000) if epochs is None else epochs,
        batch_size=batch_size,
        dtype=dtype,
        scaled=second_order if scaled is None else scaled,
        alpha=(1e-8 if solver == "lm" else 0.0) if alpha is None else alpha,
    )


def solver_from(solver: str, learning_rate: float | None, schedule: str) -> "Solver":
    """The solver of that name; the paper's settings where the options say nothing else."""
    from fitnet.algorithm.optimizers import OPTIMIZERS
    from fitnet.algorithm.schedules import SCHEDULES
    from fitnet.arguments import one_of
    from fitnet.fitting.solver_choice import SOLVERS

    one_of("solver", solver, SOLVERS)
    rule = SCHEDULES[one_of("schedule", schedule, SCHEDULES)]
    if solver in OPTIMIZERS:
        rate: dict[str, Any] = {} if learning_rate is None else {"learning_rate": learning_rate}
        return OPTIMIZERS[solver](schedule=rule, **rate)
    if learning_rate is not None or schedule != "constant":
        raise ArgumentValueError(f"`solver` is {solver!r}, which has neither a learning rate nor a schedule.", "solver")
    return SOLVERS[solver]


def save_pictures(run: Any, folder: Path) -> list[Path]:
    """The pictures' files; none, and a sentence that says so, where matplotlib is missing."""
    from fitnet.files.drawing import HOW_TO_DRAW, can_draw

    if not can_draw():
        complain(f"The model was saved, but no picture, which needs the package matplotlib; {HOW_TO_DRAW}.")
        return []
    from fitnet.quadratic.figures import save_figures

    return save_figures(run, folder)


@quadratic.command(
    context_settings={"ignore_unknown_options": True},  # so that -3 is a number
    examples=("fitnet quadratic solve 1 -3 2 --roots all",),
)
@click.argument("a", type=float)
@click.argument("b", type=float)
@click.argument("c", type=float)
@roots_option
@json_option
def solve(a: float, b: float, c: float, roots: str, as_json: bool) -> None:
    """Answer A x^2 + B x + C = 0 with the pretrained network, beside the exact roots."""
    from fitnet.quadratic.answer import answer

    facts = answer(a, b, c, roots).as_dict()
    if as_json:
        print_json(facts)
    else:
        from fitnet.cli.quadratic_report import print_answer

        print_answer(facts)
