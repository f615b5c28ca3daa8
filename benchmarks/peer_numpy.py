"""Plain NumPy: a matrix product, a sum and a maximum a layer, the latter two in place."""

from typing import Any

from benchmarks import peer_command
from benchmarks.peers import pieces
from benchmarks.stopwatch import Work, repeated
from benchmarks.workloads import Workload


def prepare(workload: Workload, variant: str, threads: int) -> Work:
    """The forward pass; BLAS's threads were set before."""
    import numpy as np

    from benchmarks.data import training_rows, weights_and_biases

    X, _ = training_rows(workload)
    *hidden, (W_last, b_last) = weights_and_biases(workload)
    out = np.empty((workload.rows, workload.widths[-1]), np.float32)

    def predict(a: Any) -> Any:
        for W, b in hidden:
            a = a @ W
            a += b
            np.maximum(a, 0, out=a)
        return a @ W_last + b_last

    def in_pieces() -> Any:
        for part in pieces(workload.rows):
            out[part] = predict(X[part])
        return out

    return repeated(in_pieces if variant.endswith("in pieces") else lambda: predict(X))


if __name__ == "__main__":
    peer_command.main("numpy", prepare)
