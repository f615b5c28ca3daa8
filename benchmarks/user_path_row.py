"""One row of the table between the engine and the user, in a process of its own; prints one JSON line."""

import argparse
import json
import os

from benchmarks.peer_command import THREAD_VARIABLES
from benchmarks.user_path_rows import ROWS


def main() -> None:
    """Time every way of the row, in turns; thread counts are set before NumPy is imported, for they are read then."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--row", required=True, choices=[key for key, row in ROWS.items() if row.measured != "file"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=1.0, help="of timing, about, a way")
    arguments = parser.parse_args()
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, str(arguments.threads)))

    from benchmarks import user_path_ways
    from benchmarks.side_by_side import microseconds_a_call, microseconds_an_epoch

    measure = {"epoch": microseconds_an_epoch, "call": microseconds_a_call}[ROWS[arguments.row].measured]
    ways = getattr(user_path_ways, arguments.row.replace("-", "_"))()
    line = {"row": arguments.row, "threads": arguments.threads, "microseconds": measure(ways, arguments.seconds)}
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
