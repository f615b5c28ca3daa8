"""fitnet report: a model's worth, what it learned and the model itself, in one HTML file."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fitnet.cli.commands import ROWS, Command, Decorated, option
from fitnet.cli.completion_values import column
from fitnet.cli.destinations import check_apart, check_file
from fitnet.cli.evaluate_classes import check_no_target, label_column, rows_of_classes
from fitnet.cli.notices import say_left_out
from fitnet.cli.options import chosen_rule, missing_option, model_argument, seed_option, table_argument, table_options
from fitnet.cli.output import print_line
from fitnet.errors import ArgumentValueError

if TYPE_CHECKING:
    from fitnet.model.ensemble import AnyModel
    from fitnet.reports.evidence import Evidence

EXTENSION = ".html"
BESIDE_MODEL = ""  # what --report is without a name


@click.command(cls=Command, examples=("fitnet report airfoil.fitnet airfoil.csv",))
@model_argument
@table_argument
@option(
    *("-o", "--out"),
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="MODEL's name with .html, beside it, unless given.",
)
@option("--title", metavar="TEXT", help="What stands above; the targets and inputs unless given.")
@option(
    "--target",
    metavar="NAME",
    help="The column of labels, for a model of classes that does not name it.",
    shell_complete=column,
    group=ROWS,
)
@seed_option("Of rows drawn where there are many.")
@missing_option("refuse or drop", "as in training, if the model imputes them, else refuse", "refuse", "drop")
@table_options
def report(
    model_file: str,
    table: str,
    out: Path | None,
    target: str | None,
    title: str | None,
    seed: int,
    missing: str | None,
    drop_missing: bool,
    units_row: bool,
    missing_values: tuple[float, ...],
) -> None:
    """Write one HTML file on how good a model is on the rows of TABLE, what it learned, and the model itself, which
    runs in the page.

    TABLE is a file as for `fitnet fit`, or - for standard input. Where the model was trained on it, the rows kept out
    then are those it is judged by.
    """
    from fitnet.model.loading import load
    from fitnet.reports.evidence import Evidence
    from fitnet.tables import missing_rule, read_selection

    destination = Path(model_file).with_suffix(EXTENSION) if out is None else checked_name(out, "out")
    check_apart(TABLE=Path(table), MODEL=Path(model_file), out=destination)
    model = load(model_file)
    check_file("out", destination)
    rule = missing_rule(model, chosen_rule(missing, drop_missing))
    if model.classes is not None:
        rows = rows_of_classes(model, table, label_column(model, target), rule, units_row, missing_values)
    else:
        check_no_target(target)
        known: dict[str, Any] = {"features": model.given_names, "categories": model.categories, "trains": False}
        rows = read_selection(
            table, model.output_names, missing=rule, units_row=units_row, missing_values=missing_values, **known
        )
    say_left_out(rows.n_dropped)
    evidence = Evidence(left_out=rows.n_dropped)
    write_report(model, rows.X, rows.Y, evidence, destination, model_file, title=title, seed=seed)


def write_report(
    model: "AnyModel",
    X: Any,
    Y: Any,
    evidence: "Evidence",
    path: Path,
    model_file: str,
    *,
    title: str | None = None,
    seed: int = 0,
    quiet: bool = False,
) -> None:
    """Write the report on these rows at `path`, and say where it is unless `quiet`.

    Of a model of classes Y has their codes, (n, 1) or (n,), as a `Selection` has them.
    """
    from fitnet.reports.report import drawn_report

    if model.classes is not None:
        Y = [model.classes[int(code)] for code in Y.ravel()]

    drawn = drawn_report(model, X, Y, evidence, title, seed, True, Path(model_file).name)
    drawn.save(path)
    if not quiet:
        print_line(f"Report:   {path}, one file that any browser opens")


def report_option(command: Decorated) -> Decorated:
    """Add --report, for commands that fit; without a file its report goes beside the model."""
    return option(
        *("--report", "report_file"),
        is_flag=False,
        flag_value=BESIDE_MODEL,
        metavar="[FILE]",
        help="A report too; unless named beside the model, .html.",
    )(command)


def report_destination(given: str, model_file: Path) -> Path:
    """Where --report puts the report."""
    return model_file.with_suffix(EXTENSION) if given == BESIDE_MODEL else checked_name(Path(given), "report_file")


def checked_name(path: Path, argument: str) -> Path:
    """The report's file, whose name must say that it is a page."""
    if path.suffix.lower() not in (EXTENSION, ".htm"):
        raise ArgumentValueError(f"`{argument}` is {str(path)!r}; a report's name must end in {EXTENSION}.", argument)
    return path
