"""What a rank other than 0 does during a training: it answers rank 0 until that is over."""

import sys
import traceback
from collections.abc import Mapping
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.engine.native import NativeEngine
from fitnet.engine.ranks.held_rows import HeldRows, Question
from fitnet.engine.ranks.leading import arrived
from fitnet.engine.ranks.messages import Ranks
from fitnet.engine.ranks.spread_rows import empty_rows

FAILED = 1  # what all ranks exit with where one cannot go on


def serve(ranks: Ranks, rows: Mapping[str, Array], engine: NativeEngine) -> Any:
    """Answer until rank 0 ends the training, and give what it says then.

    A rank that cannot go on, as for want of memory, says so and ends all ranks: nobody could go on without its rows.

    Parameters
    ----------
    rows
        This rank's rows as they were given, by the names of rank 0's `SpreadRows`.
    """
    try:
        return answered_until_the_end(ranks, rows, engine)
    except BaseException as error:
        why = traceback.format_exception_only(error)[-1].strip()
        print(f"fitnet: rank {ranks.rank} cannot go on ({why}), so all ranks end.", file=sys.__stderr__, flush=True)
        ranks.communicator.Abort(FAILED)
        raise


def answered_until_the_end(ranks: Ranks, rows: Mapping[str, Array], engine: NativeEngine) -> Any:
    """Do what is told until it is "end", and give what is said with that."""
    held: dict[int, HeldRows] = {}
    while True:
        kind, *about = ranks.next_command()
        if kind == "end":
            return arrived(about[0])
        if kind == "read":
            name, start, stop = about
            ranks.send(0, np.ascontiguousarray(rows[name][start:stop]))
        elif kind == "hold":
            key, *shape = about
            held[key] = empty_rows(*shape)
        elif kind == "forget":
            held.pop(about[0], None)
        elif kind == "store":
            key, place = about
            for each in (held[key].X, held[key].Y):
                ranks.receive(0, each[place])
        else:
            question, dtype = about
            answer(ranks, held[question.key], question, dtype, engine)


def answer(
    ranks: Ranks, held: HeldRows, question: Question, dtype: np.dtype[Any], engine: NativeEngine
) -> list[Array | None]:
    """Pass the question on, and add what the own slots answer; on rank 0 the sums over all slots."""
    parameters = np.empty(question.network.n_parameters, dtype)
    pass_on(ranks, question, parameters, held)
    return totals(ranks, held, question, parameters, engine)


def pass_on(ranks: Ranks, question: Question, parameters: Array, held: HeldRows) -> None:
    """The question and the parameters, from the rank before to the next that holds rows."""
    last = min(ranks.size, held.share.slots) - 1
    if ranks.rank < last:
        ranks.command(ranks.rank + 1, "answer", question, parameters.dtype)
    ranks.hand_down(parameters, last)


def totals(
    ranks: Ranks, held: HeldRows, question: Question, parameters: Array, engine: NativeEngine
) -> list[Array | None]:
    """The sums of all slots' answers, on rank 0; on the others None, which added theirs."""
    answers = held.answers(question, parameters, engine)
    like = question.like(parameters.dtype)
    return [ranks.sum_up(parts, held.share, each) for parts, each in zip(answers, like, strict=True)]
