"""fitnet forecast: from a table's series to what comes next, judged on forecasts of rows that a fit had not seen."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fitnet.cli import choices
from fitnet.cli.commands import JUDGED, OUTPUT, RUN, SERIES, Command, option
from fitnet.cli.completion_values import column, columns, listed_words
from fitnet.cli.destinations import check_apart, check_file
from fitnet.cli.options import Lags, Names, is_typed, seed_option, table_argument, table_options
from fitnet.cli.output import complain, json_option, print_json
from fitnet.cli.shares import Share
from fitnet.errors import ArgumentValueError
from fitnet.files.patterns import short_name

if TYPE_CHECKING:
    from fitnet.series.table_forecast import TableForecast

UNASKED_COVERAGE = 0.9


@click.command(
    cls=Command,
    folded=(SERIES, JUDGED),
    examples=("fitnet forecast air.csv --target flights --time month --steps 24",),
)
@table_argument
@option("--target", required=True, metavar="NAME", help="Column to forecast.", shell_complete=column)
@option(
    *("--time", "times"),
    metavar="NAME",
    help="Column of times, numbers or dates; without it rows follow one another.",
    shell_complete=column,
)
@option("--steps", type=int, metavar="N", help="How many; unless given the rows at the end that have no target yet.")
@option(
    "--known",
    type=Names(),
    default=(),
    help="Columns known in advance, in rows without target too: a,b.",
    shell_complete=columns,
)
@option(*("--group", "groups"), metavar="NAME", help="Column that tells several series apart.", shell_complete=column)
@option("--season", type=int, metavar="ROWS", help="12 of months, 7 of days and so on unless given.")
@option(
    *("--interval", "coverage"),
    type=Share(),
    default=UNASKED_COVERAGE,
    show_default=True,
    metavar="SHARE",
    help="That intervals hold.",
)
@option(
    "--past",
    type=Names(),
    default=(),
    help="Columns of which only what came before is known: a,b.",
    shell_complete=columns,
    group=SERIES,
)
@option(
    "--calendar",
    type=Names(),
    default=(),
    help="What a date tells: hour, weekday, month, day of year.",
    shell_complete=partial(listed_words, choices.CALENDAR),
    group=SERIES,
)
@option(
    "--lags",
    type=Lags(),
    help="What is seen: 12, the last 12 rows, or 1,6,12; by the season unless given.",
    group=SERIES,
)
@option(
    "--strategy",
    default="direct",
    show_default=True,
    metavar="HOW",
    help="direct: all steps at once, or recursive.",
    choices=choices.STRATEGIES,
    group=SERIES,
)
@option(
    "--difference",
    default="auto",
    show_default=True,
    metavar="ROWS",
    help="Learn changes over so many rows; 0: none, auto: by the trend.",
    choices=(choices.AUTO,),
    group=SERIES,
)
@option("--log", is_flag=True, help="Learn the logarithm: for swings that grow with the values.", group=SERIES)
@option(
    "--horizon",
    type=int,
    metavar="N",
    help="Steps that errors and intervals are made for; --steps unless given.",
    group=JUDGED,
)
@table_options
@option(
    "--effort",
    default="standard",
    show_default=True,
    metavar="HOW",
    help="Networks in the mean: fast, 3; standard, 10; thorough, 30.",
    choices=choices.EFFORTS,
    group=RUN,
)
@seed_option("Of the training.", RUN)
@option(
    *("-o", "--out"),
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV or Parquet, for the forecast.",
    group=OUTPUT,
)
@option(
    "--picture",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A picture of it: .png, .svg or .pdf.",
    group=OUTPUT,
)
@json_option
def forecast(
    table: str,
    target: str,
    times: str | None,
    groups: str | None,
    coverage: float,
    out: Path | None,
    picture: Path | None,
    units_row: bool,
    missing_values: tuple[float, ...],
    as_json: bool,
    **options: Any,
) -> None:
    """Forecast a column of a table from its own past. TABLE is a file as for `fitnet fit`.

    The forecast is the mean of several networks and straight lines. What each counts is found on rows that came after
    those it was fitted to: a series that a line forecasts best is left to the line.

    Rows are in the order of time, evenly apart. Three fits to the first half and more tell how wrong forecasts of the
    rest are, beside the last value and that of a season ago, and make the intervals.
    """
    from fitnet.series.forecast_picture import check_ending, save_picture
    from fitnet.tables import write_table

    check_apart(TABLE=Path(table), out=out, picture=picture)
    if picture is not None:
        check_ending(picture)
        check_file("picture", picture)
    if out is not None:
        check_file("out", out)
    found = found_forecast(table, target, times, groups, coverage, units_row, missing_values, **options)
    columns = found.columns(groups, times)
    facts = {"table": short_name(table), "target": target, **found.facts()}
    facts["coverage"] = None if found.ends is None else coverage
    if found.ends is None:
        say_no_intervals(found)
    if out is not None:
        write_table(out, columns)
    if picture is not None:
        save_picture(found, coverage, times, picture)
    facts["out"], facts["picture"] = (None if path is None else str(path) for path in (out, picture))
    shown = {} if out is not None else {name: column.tolist() for name, column in columns.items()}
    if as_json:
        print_json(facts | ({} if out is not None else {"forecast": shown}))
    else:
        from fitnet.cli.forecast_report import print_forecast

        print_forecast(facts, shown)


def found_forecast(
    table: str,
    target: str,
    times: str | None,
    groups: str | None,
    coverage: float,
    units_row: bool,
    missing_values: tuple[float, ...],
    **options: Any,
) -> "TableForecast":
    """What `forecast_table` gives for these options, with a bar on a terminal."""
    from fitnet.arguments import fraction_below_one, one_of, whole_number
    from fitnet.series.mean_of_networks import MeanOfNetworks
    from fitnet.series.member_recipes import EFFORTS
    from fitnet.series.series_in_tables import series_in_table
    from fitnet.series.table_forecast import FITS, forecast_table, settings_for
    from fitnet.tables import read_table
    from fitnet.training.progress import ProgressBar

    fraction_below_one("coverage", coverage)
    seed = whole_number("seed", options.pop("seed"), 0, float("inf"))
    options["difference"] = whole_or_auto(options["difference"])
    past, steps = options.pop("past"), options.pop("steps")
    estimator = MeanOfNetworks(one_of("effort", options.pop("effort"), EFFORTS), seed)
    if steps is not None:
        settings_for(estimator, steps, past=past, **options)  # refuses options before a large file is read
    series = series_in_table(
        read_table(table, units_row, missing_values), target, times, options["known"], past, groups
    )
    steps = series.steps(steps)
    settings = settings_for(estimator, steps, past=past, **options)
    with ProgressBar(1 + FITS, True, "fit") as progress:
        return forecast_table(series, settings, steps, coverage, lambda fits: progress.show(fits, ""))


def whole_or_auto(text: str) -> int | str:
    """The difference as it was typed: a number of rows, or "auto"."""
    return int(text) if text.isdecimal() else text


def say_no_intervals(found: "TableForecast") -> None:
    """Refuse intervals that were asked for and cannot be made; say in a line that there are none otherwise."""
    if found.trial is None:
        why = "the series is too short for fits to its first half, whose errors make intervals"
    else:
        why = "there are more steps than `horizon`, for which errors are known"
    if is_typed("coverage"):
        raise ArgumentValueError(f"`coverage` cannot be given: {why}.", "coverage", "horizon")
    complain(f"There are no intervals: {why.replace('`horizon`', '--horizon')}.")
