"""The command line. Answers go to standard output, progress and notices to standard error; a mistake exits with 2."""

import os
import sys
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import click

from fitnet.cli.command_line import COMPLETING, PROGRAM, command_line
from fitnet.cli.commands import Running
from fitnet.cli.mistakes import as_typed, sentence_of
from fitnet.cli.output import INTERRUPTED, complain
from fitnet.cli.streams import ReaderGoneError, standard_streams
from fitnet.errors import FITNET_ERRORS, FITNET_WARNINGS

__all__ = ["command_line", "main"]

MISTAKE = 2
PIPE_CLOSED = 141  # as the system ends a program that writes to a closed pipe: 128 and the signal's number


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 when it did what it says, 2 after a mistake, 130 after Ctrl-C.

    A reader of standard output that leaves, as `head` does, ends it without a word, with 141.
    """
    if COMPLETING in os.environ:
        from fitnet.cli import completion  # noqa: F401 - which tells click of our shells

        command_line.main(arguments, PROGRAM, complete_var=COMPLETING)  # answers the shell and exits
    with standard_streams(), warnings.catch_warnings():
        warnings.showwarning = partial(show_warning, warnings.showwarning)
        running = Running()
        try:
            code = command_line.main(arguments, PROGRAM, standalone_mode=False, obj=running)
            sys.stdout.flush()
            sys.exit(code)
        except ReaderGoneError:
            sys.exit(PIPE_CLOSED)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
        except (click.Abort, KeyboardInterrupt):
            complain("Interrupted.")
            sys.exit(INTERRUPTED)
        except (click.ClickException, *FITNET_ERRORS, MemoryError, OSError) as error:
            complain(sentence_of(error, running.context))
        sys.exit(MISTAKE)


def show_warning(otherwise: Callable[..., None], message: Warning | str, category: type[Warning], *place: Any) -> None:
    """Say a warning of ours as a sentence, without the place in the code it comes from; show others `otherwise`."""
    arguments = getattr(message, "arguments", ())  # of another package's class, as ours give it
    if issubclass(category, FITNET_WARNINGS) or arguments:
        complain(as_typed(str(message), arguments, click.get_current_context(silent=True)))
    else:
        otherwise(message, category, *place)
