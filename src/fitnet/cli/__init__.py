"""The command line. Answers go to standard output, progress and notices to standard error; a mistake exits with 2."""

import re
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import click

from fitnet.cli.evaluate import evaluate
from fitnet.cli.fit import fit
from fitnet.cli.information import info
from fitnet.cli.inspect import inspect
from fitnet.cli.model_files import verify
from fitnet.cli.output import INTERRUPTED
from fitnet.cli.predict import predict
from fitnet.cli.quadratic import quadratic
from fitnet.errors import FITNET_ERRORS, FITNET_WARNINGS
from fitnet.version import __version__

MISTAKE = 2
SHAPED_BY = {"network": "--hidden", "optimizer": "--solver", "l2": "--alpha"}  # arguments that no option is named after


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="fitnet %(version)s")
def command_line() -> None:
    """Regression networks for scientists.

    Example: fitnet quadratic solve 1 -3 2
    """


command_line.add_command(fit)
command_line.add_command(predict)
command_line.add_command(evaluate)
command_line.add_command(inspect)
command_line.add_command(quadratic)
command_line.add_command(verify)
command_line.add_command(info)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 when it did what it says, 2 after a mistake, 130 after Ctrl-C."""
    with warnings.catch_warnings():
        warnings.showwarning = partial(show_warning, warnings.showwarning)
        try:
            sys.exit(command_line.main(arguments, prog_name="fitnet", standalone_mode=False))
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
        except click.ClickException as error:
            message = error.format_message()
            complain(message if message[-1] in ".?" else message + ".")
        except (click.Abort, KeyboardInterrupt):
            complain("Interrupted.")
            sys.exit(INTERRUPTED)
        except FITNET_ERRORS as error:
            complain(as_typed(str(error)))
        except OSError as error:
            complain(f"{error.filename}: {error.strerror}." if error.filename else str(error))
        sys.exit(MISTAKE)


def show_warning(otherwise: Callable[..., None], message: Warning | str, category: type[Warning], *place: Any) -> None:
    """Say a warning of ours as a sentence, without the place in the code it comes from; show others `otherwise`."""
    if issubclass(category, FITNET_WARNINGS):
        complain(as_typed(str(message)))
    else:
        otherwise(message, category, *place)


def as_typed(sentence: str) -> str:
    """The sentence with arguments spelt as options: `batch_size` becomes `--batch-size`."""
    options = SHAPED_BY | {option.name: option.opts[-1] for option in all_options(command_line)}
    sentence = re.sub(r"`(\w+)(?:\[\d+\])?`", lambda name: f"`{options.get(name[1], name[1])}`", sentence)
    return sentence.replace(" (`drop_missing=True`)", "")


def all_options(command: click.Command) -> Iterator[click.Option]:
    """The options of a command and of all below it."""
    yield from (parameter for parameter in command.params if isinstance(parameter, click.Option))
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from all_options(below)


def complain(sentence: str) -> None:
    click.echo(f"fitnet: {sentence}", err=True)
