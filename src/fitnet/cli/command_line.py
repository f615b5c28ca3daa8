"""All commands of `fitnet`, and what it says without one."""

import click

from fitnet.cli.lazy_group import LazyGroup
from fitnet.version import __version__

PROGRAM = "fitnet"
COMPLETING = "_FITNET_COMPLETE"  # the variable by which a shell asks for completions

MODULES = {
    **{name: f"fitnet.cli.{name}" for name in ("fit", "predict", "report", "evaluate", "tune", "forecast", "export")},
    **{name: f"fitnet.cli.{name}" for name in ("inspect", "quadratic", "completion")},
    **{"verify": "fitnet.cli.model_files", "info": "fitnet.cli.information"},
}
SUMMARIES = {
    "Most used": {
        "fit": "From a table to a model, judged on rows it did not see.",
        "predict": "A model's answers to the rows of a table.",
        "report": "How good a model is and what it learned: a page.",
    },
    "Other ways to a model": {
        "forecast": "What comes next in a series, from its past.",
        "tune": "The best settings of one network, by trials.",
        "quadratic": "The paper's experiments: roots by a network.",
    },
    "With a model": {
        "evaluate": "How well it does on a table, beside baselines.",
        "inspect": "What is in its file.",
        "export": "The model as code: NumPy, C, Fortran or ONNX.",
        "verify": "Whether its file is whole and predicts as it did.",
    },
    "The program itself": {
        "info": "The version, the engine and the machine.",
        "completion": "What makes the tab key know the words of fitnet.",
    },
}

GREETING = f"""fitnet {__version__} fits networks to the columns of a table, and says how sure it is.

  fitnet fit TABLE --target NAME                  fit a model, and judge it on rows it did not see
  fitnet predict MODEL NEW_TABLE --interval 0.9   predict, with intervals that hold 90 % of new targets
  fitnet report MODEL TABLE                       see how good it is and what it learned, in your browser

Every command: fitnet --help. One of them: fitnet fit --help."""


@click.group(
    cls=LazyGroup,
    modules=MODULES,
    summaries=SUMMARIES,
    examples=("fitnet fit airfoil.csv --target SPL_dB", "fitnet quadratic solve 1 -3 2"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    invoke_without_command=True,
)
@click.version_option(__version__, message="fitnet %(version)s")
@click.pass_context
def command_line(context: click.Context) -> None:
    """Regression networks for scientists: from a table to a model with error bars, exact derivatives and a report."""
    if context.invoked_subcommand is None:
        click.echo(GREETING)
