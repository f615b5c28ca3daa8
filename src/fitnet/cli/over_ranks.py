"""fitnet fit --ranks: rank 0 speaks, writes and exits as one process would; the others hold rows in silence."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fitnet.cli.commands import NETWORK, option

if TYPE_CHECKING:
    from fitnet.fitting.settings import Settings
    from fitnet.tables import Selection


def joined(_context: click.Context, _option: click.Parameter, asked: bool) -> Any:
    """The communicator, where it is asked for; a rank but 0 speaks no more from here on."""
    if not asked:
        return None
    from fitnet.distributed.ranks import world

    communicator = world()
    if communicator.Get_rank() > 0:
        sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - for as long as there is something to say
    return communicator


ranks_option: Callable[[Any], Any] = option(
    "--ranks",
    is_flag=True,
    is_eager=True,
    callback=joined,
    help="One network over all processes that mpiexec started, each with a part of TABLE's rows.",
    group=NETWORK,
)


def over_ranks(
    communicator: Any, read: Callable[[], "Selection"], settings: "Settings"
) -> tuple[Callable[[], "Selection"], "Settings"]:
    """How the table is read, and the settings with the engine of all ranks; without a communicator as they are.

    Ranks but 0 do not come back: they exit when rank 0 does, and as it does.
    """
    if communicator is None:
        return read, settings
    from fitnet.distributed.ranks import follow, leading

    if communicator.Get_rank() > 0:
        follow(communicator, settings.n_threads, read)
        raise click.exceptions.Exit
    leader = click.get_current_context().with_resource(leading(communicator, settings.n_threads))
    return lambda: leader.read(read), replace(settings, engine=leader.engine)
