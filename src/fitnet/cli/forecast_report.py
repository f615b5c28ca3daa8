"""What `fitnet forecast` says to people: the series, errors by step beside naive forecasts, and the forecast."""

from typing import Any

from rich.console import Console
from rich.table import Table

from fitnet.arguments import counted
from fitnet.cli.output import all_escaped, plain_console

NAIVE = {"naive": "the last value", "seasonal naive": "the value of a season ago"}


def print_forecast(facts: dict[str, Any], columns: dict[str, list[Any]]) -> None:
    """What was found, how wrong such forecasts were, and what comes: the `columns`, or the file they are in."""
    facts, columns = all_escaped(facts), all_escaped(columns)
    console = plain_console()
    for line in (series_line(facts), windows_line(facts), mean_line(facts)):
        if line:
            console.print(line, soft_wrap=True)
    if facts["backtest"] is None:
        console.print("Backtest:  none, the series is too short for fits to its first half.", soft_wrap=True)
    else:
        print_backtest(console, facts["backtest"])
    if columns:
        print_columns(console, facts, columns)
    for name, said in (("out", "Forecast:"), ("picture", "Picture:")):
        if facts[name] is not None:
            console.print(f"{said:10} {facts[name]}", soft_wrap=True)


def series_line(facts: dict[str, Any]) -> str:
    """How many rows, from when to when, how far apart."""
    several = f" in {facts['series']} series" if facts["series"] > 1 else ""
    when = f", {facts['first']} to {facts['last']}" if "first" in facts else ""
    step = f", a step of {facts['step']}" if facts["step"] is not None else ""
    season = f", a season of {counted(facts['season'], 'row')}" if facts["season"] is not None else ""
    return f"Series:    {counted(facts['rows'], 'row')} of {facts['target']}{several}{when}{step}{season}"


def windows_line(facts: dict[str, Any]) -> str:
    """What the network sees and gives."""
    what = f"log {facts['target']}" if facts["log"] else facts["target"]
    if facts["difference"]:
        over = "from row to row" if facts["difference"] == 1 else f"over {facts['difference']} rows"
        what = f"changes of {what} {over}"
    steps = f"{facts['strategy']}, {counted(facts['steps'], 'step')}"
    return f"Windows:   {what}, lags {listed(facts['lags']) or 'none'}; {steps}"


def mean_line(facts: dict[str, Any]) -> str:
    """What networks and lines count; "" where there is no mean of them."""
    share = facts["networks_share"]
    if share is None:
        return ""
    if share in (0, 1):
        return f"Mean:      of {'networks' if share else 'straight lines'} alone, which came nearest to later rows"
    return f"Mean:      {share:.0%} networks, the others straight lines, as they came near to later rows"


def print_backtest(console: Console, backtest: dict[str, Any]) -> None:
    """A line a step, and a sentence on whether naive forecasts are beaten."""
    fits, forecasts = counted(backtest["fits"], "fit"), counted(backtest["forecasts"], "forecast")
    console.print(f"Backtest:  root mean squared error of {forecasts}, by {fits} to rows before them", soft_wrap=True)
    table = Table()
    table.add_column("step", justify="right")
    for name in backtest["rmse"]:
        table.add_column(name, justify="right")
    for step, errors in enumerate(zip(*backtest["rmse"].values(), strict=True), 1):
        table.add_row(str(step), *(f"{error:.4g}" for error in errors))
    console.print(table)
    for name, steps in backtest["not_beaten"].items():
        if steps:
            every = len(steps) == len(backtest["rmse"]["forecast"])
            where = "at any step" if every else f"at {'step' if len(steps) == 1 else 'steps'} {listed(steps)}"
            console.print(f"The {name} forecast, {NAIVE[name]}, is not beaten {where}.", soft_wrap=True)
    if not any(backtest["not_beaten"].values()):
        others = " and ".join(f"the {name} one" for name in backtest["not_beaten"])
        console.print(f"The forecast beats {others} at every step.", soft_wrap=True)


def print_columns(console: Console, facts: dict[str, Any], columns: dict[str, list[Any]]) -> None:
    """The forecast, a line a step."""
    share = f", with ends of {facts['coverage']:.4g} intervals" if facts["coverage"] is not None else ""
    console.print(f"Forecast:  {facts['target']}{share}", soft_wrap=True)
    table = Table()
    for name in columns:
        table.add_column(name, justify="right", overflow="fold")
    for row in zip(*columns.values(), strict=True):
        table.add_row(*(f"{each:.6g}" if isinstance(each, float) else str(each) for each in row))
    console.print(table)


def listed(numbers: list[int]) -> str:
    """Rising whole numbers with runs of three and more shortened: 1 to 12, 24."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] + 1 == number:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
