"""JAX: whole epochs compiled into one lax.scan over the steps, Adam by hand, buffers donated."""

import os
from typing import Any

from benchmarks import peer_command
from benchmarks.peers import pieces
from benchmarks.stopwatch import Work, repeated
from benchmarks.workloads import BETA1, BETA2, EPSILON, LEARNING_RATE, Workload


def prepare(workload: Workload, variant: str, threads: int) -> Work:
    """The work on the processor; XLA takes the size of its thread pool from NPROC.

    Calls run in the calling thread: handing each of them to another thread costs more than the short ones take.
    """
    os.environ["JAX_PLATFORMS"] = "cpu"
    os.environ["NPROC"] = str(threads)
    if threads == 1:
        os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} --xla_cpu_multi_thread_eigen=false".strip()
    import jax

    jax.config.update("jax_cpu_enable_async_dispatch", False)
    return training(workload) if workload.kind == "train" else prediction(workload, variant)


def forward(layers: Any, X: Any) -> Any:
    """The network's outputs (n, 1)."""
    import jax.numpy as jnp

    for W, b in layers[:-1]:
        X = jnp.maximum(X @ W + b, 0)
    W, b = layers[-1]
    return X @ W + b


def adam_step(kept: Any, inputs: Any, targets: Any) -> Any:
    """One step from (layers, m, v, step) to the next; the bias corrections are two numbers, not two vectors."""
    import jax
    import jax.numpy as jnp

    layers, m, v, step = kept
    gradient = jax.grad(lambda layers: jnp.mean((forward(layers, inputs) - targets) ** 2))(layers)
    step = step + 1
    m = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, m, gradient)
    v = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, v, gradient)
    rate = LEARNING_RATE / (1 - BETA1**step)
    correction = 1 / (1 - BETA2**step)
    layers = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v * correction) + EPSILON), layers, m, v)
    return layers, m, v, step


def training(workload: Workload) -> Work:
    """Several epochs a call; NumPy draws the row orders, which is faster than sorting in XLA, and that is timed."""
    import jax
    import jax.numpy as jnp
    import numpy as np

    from benchmarks.data import row_orders, training_rows, weights_and_biases

    X, Y = (jnp.asarray(array) for array in training_rows(workload))
    layers = jax.tree.map(jnp.array, weights_and_biases(workload))
    kept = (layers, jax.tree.map(jnp.zeros_like, layers), jax.tree.map(jnp.zeros_like, layers), jnp.float32(0))
    generator = np.random.default_rng(3)
    epochs, steps = workload.epochs_a_call, workload.epochs_a_call * workload.steps_an_epoch

    def full_batches(kept: Any, X: Any, Y: Any) -> Any:
        return jax.lax.scan(lambda kept, _: (adam_step(kept, X, Y), None), kept, length=steps)[0]

    def mini_batches(kept: Any, X: Any, Y: Any, orders: Any) -> Any:
        batches = orders.reshape(steps, workload.batch)
        return jax.lax.scan(lambda kept, rows: (adam_step(kept, X[rows], Y[rows]), None), kept, batches)[0]

    call = jax.jit(full_batches if workload.full_batch else mini_batches, donate_argnums=0)

    def run(count: int) -> None:
        nonlocal kept
        for _ in range(count):
            orders = () if workload.full_batch else (row_orders(workload, epochs, generator).astype(np.int32),)
            kept = call(kept, X, Y, *orders)
        jax.block_until_ready(kept)

    return Work(run, steps)


def prediction(workload: Workload, variant: str) -> Work:
    """NumPy in, NumPy out."""
    import jax
    import jax.numpy as jnp
    import numpy as np

    from benchmarks.data import training_rows, weights_and_biases

    X, _ = training_rows(workload)
    layers = jax.tree.map(jnp.array, weights_and_biases(workload))
    call = jax.jit(forward)
    out = np.empty((workload.rows, workload.widths[-1]), np.float32)

    def whole() -> Any:
        return np.asarray(call(layers, X))

    def in_pieces() -> Any:
        for part in pieces(workload.rows):
            out[part] = call(layers, X[part])
        return out

    return repeated(in_pieces if variant.endswith("in pieces") else whole)


if __name__ == "__main__":
    peer_command.main("jax", prepare)
