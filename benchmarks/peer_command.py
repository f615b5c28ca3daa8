"""The command line that every peer has: one workload, one variant, one thread count, one JSON line.

Thread counts are set in the environment before NumPy, BLAS or a peer is imported, for they are read then.
"""

import argparse
import json
import os
from collections.abc import Callable

from benchmarks.peers import PEERS
from benchmarks.stopwatch import Work, measure
from benchmarks.workloads import WORKLOADS, Workload

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "FITNET_NUM_THREADS")


def main(peer: str, prepare: Callable[[Workload, str, int], Work]) -> None:
    """Read the command line, time what `prepare(workload, variant, threads)` gives, and print one JSON line."""
    parser = argparse.ArgumentParser(description=f"Time {peer} on one workload; prints one JSON line.")
    names = [name for name, workload in WORKLOADS.items() if PEERS[peer].variants(workload.kind)]
    parser.add_argument("--workload", required=True, choices=names)
    parser.add_argument("--variant", help="how to do the work; the first that the peer has unless given")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=1.0, help="about how long to time")
    arguments = parser.parse_args()
    workload = WORKLOADS[arguments.workload]
    variants = PEERS[peer].variants(workload.kind)
    variant = variants[0] if arguments.variant is None else arguments.variant
    if variant not in variants:
        parser.error(f"argument --variant: {variant!r} is not one of {', '.join(map(repr, variants))}")
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, str(arguments.threads)))
    timing = measure(prepare(workload, variant, arguments.threads), arguments.seconds)
    unit = "microseconds_a_step" if workload.kind == "train" else "microseconds_a_call"
    line = {
        "peer": peer,
        "variant": variant,
        "workload": workload.name,
        "threads": arguments.threads,
        unit: timing.microseconds,
        "repeats": timing.repeats,
        "cores_busy": round(timing.cores, 2),
    }
    print(json.dumps(line), flush=True)
