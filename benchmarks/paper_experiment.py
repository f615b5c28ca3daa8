"""The paper's experiment as the command line runs it: seconds of training, evaluations on the way included."""

import argparse
import json
import os

from benchmarks.peer_command import THREAD_VARIABLES


def main() -> None:
    """Train one of the two networks and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--roots", choices=("largest", "all"), default="largest")
    parser.add_argument("--epochs", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, str(arguments.threads)))

    from fitnet.quadratic.experiment import Recipe, run
    from fitnet.quadratic.problem import Problem

    done = run(Recipe(problem=Problem(arguments.roots), epochs=arguments.epochs), 0, verbose=False)
    line = {"roots": arguments.roots, "epochs": arguments.epochs, "threads": arguments.threads, "seconds": done.seconds}
    print(json.dumps(line))


if __name__ == "__main__":
    main()
