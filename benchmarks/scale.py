"""More than one process: what docs/how-to/scale.md says is measured, one kind of work after the other.

    python -m benchmarks.scale --work predict --rows 10000000
    python -m benchmarks.scale --work members

prints a line for each way of doing the same work and exits 1 where a goal is missed; `--quick` shows that all of it
runs.
"""

import argparse
import sys

from benchmarks import scale_members, scale_predict, scale_ranks, scale_tune

WORKS = {"predict": (scale_predict.measured,), "members": (scale_members.measured,)}
WORKS["tune"] = (scale_tune.measured,)
WORKS["ranks"] = (scale_ranks.measured,)
WORKS["dask"] = WORKS["predict"] + WORKS["members"]


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", choices=WORKS, action="append", help="may be repeated; all unless given")
    parser.add_argument("--rows", type=int, help="of the work's table")
    parser.add_argument("--repeats", type=int, default=3, help="of every way, one after the other, the median counting")
    parser.add_argument("--quick", action="store_true", help="small tables, once; nothing is judged")
    arguments = parser.parse_args()
    works = arguments.work or ["ranks", "dask"]
    repeats = 1 if arguments.quick else arguments.repeats
    missed = [
        goal
        for work in works
        for measured in WORKS[work]
        for goal in measured(arguments.rows, repeats, arguments.quick)
    ]
    if missed and not arguments.quick:
        print("Missed:", *missed, sep="\n  ")
        sys.exit(1)


if __name__ == "__main__":
    main()
