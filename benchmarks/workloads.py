"""The work that is timed, and what fitnet is asked to reach on it.

Everything is float32 with ReLU between the layers; training is squared error with Adam 1e-3. n rows, batch rows a step.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

LEARNING_RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-8
MINI_BATCH_ROWS, FULL_BATCH_ROWS = 8192, 3000
BEST_PEER = "best peer"


@dataclass(frozen=True)
class Workload:
    """One kind of work, and the ratios, share of peak and time asked for.

    Parameters
    ----------
    widths
        Of the network, inputs first.
    rows, batch
        Rows of data, and rows a training step; `batch` equals `rows` for full batches and for prediction.
    epochs_a_call
        Epochs in one call of what runs whole epochs (fitnet's engine, JAX's scan); the others run one at a time.
    asked
        The least ratio peer's time / fitnet's time, by peer; BEST_PEER stands for the fastest one.
    asked_share
        The least share of the two-thread peak.
    asked_microseconds
        The longest time.
    """

    kind: Literal["train", "predict"]
    widths: tuple[int, ...]
    rows: int
    batch: int
    epochs_a_call: int = 1
    asked: Mapping[str, float] = field(default_factory=dict)
    asked_share: float | None = None
    asked_microseconds: float | None = None

    @property
    def name(self) -> str:
        """As the command line takes it, such as train-3-64-64-1-batch-32."""
        return f"{self.kind}-{self.network}-{'batch' if self.kind == 'train' else 'rows'}-{self.batch}"

    @property
    def network(self) -> str:
        """The widths, such as 3-64-64-1."""
        return "-".join(map(str, self.widths))

    @property
    def full_batch(self) -> bool:
        return self.batch == self.rows

    @property
    def steps_an_epoch(self) -> int:
        return self.rows // self.batch

    @property
    def flop(self) -> int:
        """Of one step or call: 2 a multiply-add; training adds both gradients, the first layer only its weights'."""
        products = [inputs * outputs for inputs, outputs in pairwise(self.widths)]
        forward = sum(products)
        backward = 2 * forward - products[0] if self.kind == "train" else 0
        return 2 * self.batch * (forward + backward)


SMALL = (3, 64, 64, 1)

WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload("train", SMALL, MINI_BATCH_ROWS, 32, 2, {"jax": 1.6, "scikit-learn": 15, "torch": 25}),
        Workload("train", SMALL, MINI_BATCH_ROWS, 256, 8, {"jax": 2.5, "scikit-learn": 8, "torch": 10}),
        Workload(
            "train", SMALL, FULL_BATCH_ROWS, FULL_BATCH_ROWS, 16, {"jax": 2.5, "scikit-learn": 20, "torch": 4}, 0.7
        ),
        Workload("train", (8, 256, 256, 1), FULL_BATCH_ROWS, FULL_BATCH_ROWS, 4, {BEST_PEER: 1.5}, 0.7),
        Workload("train", (8, 512, 512, 1), FULL_BATCH_ROWS, FULL_BATCH_ROWS, 2, {BEST_PEER: 1.2}, 0.7),
        Workload("predict", SMALL, 1, 1, asked={"onnxruntime": 5}, asked_microseconds=1.2),
        Workload("predict", SMALL, 3000, 3000),
        Workload("predict", SMALL, 1_000_000, 1_000_000, asked={"onnxruntime": 1.5, "torch": 2}),
    )
}
