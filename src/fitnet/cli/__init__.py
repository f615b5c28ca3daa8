"""The command line. Answers go to standard output, progress and notices to standard error; a mistake exits with 2."""

import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import click

from fitnet.cli.evaluate import evaluate
from fitnet.cli.export import export
from fitnet.cli.fit import fit
from fitnet.cli.forecast import forecast
from fitnet.cli.information import info
from fitnet.cli.inspect import inspect
from fitnet.cli.model_files import verify
from fitnet.cli.output import INTERRUPTED, complain
from fitnet.cli.predict import predict
from fitnet.cli.quadratic import quadratic
from fitnet.cli.report import report
from fitnet.cli.streams import ReaderGoneError, standard_streams
from fitnet.cli.tune import tune
from fitnet.errors import FITNET_ERRORS, FITNET_WARNINGS, ArgumentError, MissingValuesError
from fitnet.version import __version__

MISTAKE = 2
PIPE_CLOSED = 141  # as the system ends a program that writes to a closed pipe: 128 and the signal's number
# Arguments that no option is named after.
SHAPED_BY = {"network": "--hidden", "y": "--target", "exog": "TABLE", "model": "MODEL"}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="fitnet %(version)s")
def command_line() -> None:
    """Regression networks for scientists.

    Example: fitnet quadratic solve 1 -3 2
    """


command_line.add_command(fit)
command_line.add_command(tune)
command_line.add_command(predict)
command_line.add_command(evaluate)
command_line.add_command(forecast)
command_line.add_command(report)
command_line.add_command(export)
command_line.add_command(inspect)
command_line.add_command(quadratic)
command_line.add_command(verify)
command_line.add_command(info)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 when it did what it says, 2 after a mistake, 130 after Ctrl-C.

    A reader of standard output that leaves, as `head` does, ends it without a word, with 141.
    """
    with standard_streams(), warnings.catch_warnings():
        warnings.showwarning = partial(show_warning, warnings.showwarning)
        try:
            code = command_line.main(arguments, prog_name="fitnet", standalone_mode=False)
            sys.stdout.flush()
            sys.exit(code)
        except ReaderGoneError:
            sys.exit(PIPE_CLOSED)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
        except click.ClickException as error:
            message = error.format_message()
            complain(message if message[-1] in ".?" else message + ".")
        except (click.Abort, KeyboardInterrupt):
            complain("Interrupted.")
            sys.exit(INTERRUPTED)
        except ArgumentError as error:
            complain(as_typed(str(error), error.arguments))
        except MissingValuesError as error:
            complain(f"{error.problem}; {error.advice(error.rules, '--missing {}')}.")
        except FITNET_ERRORS as error:
            complain(str(error))
        except MemoryError as error:
            complain(f"There is not enough memory: {error or 'none is left'}.")
        except OSError as error:
            complain(f"{error.filename}: {error.strerror}." if error.filename else str(error))
        sys.exit(MISTAKE)


def show_warning(otherwise: Callable[..., None], message: Warning | str, category: type[Warning], *place: Any) -> None:
    """Say a warning of ours as a sentence, without the place in the code it comes from; show others `otherwise`."""
    arguments = getattr(message, "arguments", ())  # of another package's class, as ours give it
    if issubclass(category, FITNET_WARNINGS) or arguments:
        complain(as_typed(str(message), arguments))
    else:
        otherwise(message, category, *place)


def as_typed(sentence: str, arguments: Sequence[str]) -> str:
    """The sentence with these arguments as they are typed: `batch_size` becomes `--batch-size`, `a` becomes `A`."""
    typed = SHAPED_BY | {parameter.name: spelling(parameter) for parameter in all_parameters(command_line)}
    for argument in arguments:
        name = argument.partition("[")[0]  # of hidden_layer_sizes[0] there is one option for all
        sentence = sentence.replace(f"`{argument}`", f"`{typed.get(name, argument)}`")
    return sentence


def spelling(parameter: click.Parameter) -> str:
    """An option as it is typed, another parameter as the help names it."""
    return parameter.opts[-1] if isinstance(parameter, click.Option) else parameter.human_readable_name


def all_parameters(command: click.Command) -> Iterator[click.Parameter]:
    """The options and arguments of a command and of all below it."""
    yield from command.params
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from all_parameters(below)
