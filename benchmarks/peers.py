"""Whom fitnet is compared with: the packages each needs and the variants each is tried in."""

from dataclasses import dataclass
from importlib.util import find_spec

ROWS_A_PIECE = 4096  # "in pieces": a million rows handed over in parts that stay in the cache


@dataclass(frozen=True)
class Peer:
    """A package and the ways to do the work with it; its best way is what counts.

    Parameters
    ----------
    module
        What `python -m` runs.
    packages
        What must be importable, as (import name, distribution).
    train, predict
        Variants for either kind of work; none where the peer does not do it.
    """

    module: str
    packages: tuple[tuple[str, str], ...]
    train: tuple[str, ...] = ()
    predict: tuple[str, ...] = ()

    @property
    def missing(self) -> list[str]:
        """The distributions that are not installed."""
        return [distribution for package, distribution in self.packages if find_spec(package) is None]

    def variants(self, kind: str) -> tuple[str, ...]:
        return self.train if kind == "train" else self.predict


FITNET = "fitnet"
PEERS = {
    FITNET: Peer("benchmarks.peer_fitnet", (("fitnet", "fitnet"),), ("engine", "train"), ("model",)),
    "jax": Peer("benchmarks.peer_jax", (("jax", "jax"), ("jaxlib", "jaxlib")), ("scan",), ("jit", "jit in pieces")),
    "torch": Peer(
        "benchmarks.peer_torch", (("torch", "torch"),), ("eager", "compile"), ("eager", "compile", "eager in pieces")
    ),
    "scikit-learn": Peer("benchmarks.peer_sklearn", (("sklearn", "scikit-learn"),), ("partial_fit",), ("predict",)),
    "onnxruntime": Peer(
        "benchmarks.peer_onnxruntime",
        (("onnxruntime", "onnxruntime"), ("onnx", "onnx")),
        predict=("run", "run in pieces"),
    ),
    "numpy": Peer("benchmarks.peer_numpy", (("numpy", "numpy"),), predict=("plain", "plain in pieces")),
}


def pieces(rows: int) -> list[slice]:
    """Slices of at most ROWS_A_PIECE rows that cover `rows`."""
    return [slice(start, start + ROWS_A_PIECE) for start in range(0, rows, ROWS_A_PIECE)]
