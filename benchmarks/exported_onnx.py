"""One row through exported ONNX files in onnxruntime, beside graphs of the same layers as other tools write them.

Those are a MatMul, an Add and an activation a layer, made by hand as Keras's exporter does, without any scaling; and
the same with a layer in front that standardises columns, as Keras's Normalization does: a Sub and a Div. One thread,
the best of several means over 2,000 calls.

Run: python -m benchmarks.exported_onnx
"""

from collections.abc import Sequence
from time import perf_counter
from typing import Any

import numpy as np

from fitnet import Ensemble, Model, Network, Scaling
from fitnet.export.onnx_graph import IR_VERSION, OPSET, files
from fitnet.model.exporting.subject import subject_of

HIDDEN, MEMBERS = (64, 64), 24
CALLS, REPEATS, MANY = 2000, 15, 1000
DTYPES = {"single": np.float32, "double": np.float64}
SCALING = Scaling([0.5, 30.0, 5e-4], [1.5, 13.0, 3e-4])  # one shift is too large to be folded
TARGETS = Scaling([100.0], [20.0])


def model(seed: int, scaled: bool = True) -> Model:
    """3-64-64-1, relu, random parameters."""
    network = Network.of_widths((3, *HIDDEN, 1), "relu")
    scalings: dict[str, Any] = {"input_scaling": SCALING, "target_scaling": TARGETS} if scaled else {}
    return Model(network, network.initial_parameters(np.random.default_rng(seed), dtype="float32"), **scalings)


def exported(given: Model | Ensemble, derivatives: str, precision: str) -> bytes:
    """The file's bytes."""
    return files(subject_of(given, "net", derivatives, precision, 0.9, False))[""]


def by_hand(given: Model, precision: str, standardised: bool) -> bytes:
    """The same layers, and the standardisation where asked for."""
    from onnx import helper, numpy_helper

    dtype = np.dtype(DTYPES[precision])
    arrays: dict[str, Any] = {"shift": SCALING.shift, "scale": SCALING.scale} if standardised else {}
    nodes, value = [], "X"
    for name, operator in zip(arrays, ("Sub", "Div"), strict=False):
        nodes.append(helper.make_node(operator, [value, name], [f"after_{name}"]))
        value = f"after_{name}"
    layers = list(zip(given.network.weights(given.parameters), given.network.biases(given.parameters), strict=True))
    for i, (W, b) in enumerate(layers):
        arrays |= {f"W{i}": W, f"b{i}": b}
        last = i == len(layers) - 1
        nodes.append(helper.make_node("MatMul", [value, f"W{i}"], [f"p{i}"]))
        nodes.append(helper.make_node("Add", [f"p{i}", f"b{i}"], ["y" if last else f"z{i}"]))
        if not last:
            nodes.append(helper.make_node("Relu", [f"z{i}"], [f"a{i}"]))
            value = f"a{i}"
    constants = [numpy_helper.from_array(np.asarray(each, dtype), name) for name, each in arrays.items()]
    kind = helper.np_dtype_to_tensor_dtype(dtype)
    ends = [[helper.make_tensor_value_info(name, kind, ["n", width])] for name, width in (("X", 3), ("y", 1))]
    graph = helper.make_graph(nodes, "network", *ends, constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    return bytes(made.SerializeToString())


def seconds(files: Sequence[bytes], precision: str, rows: int = 1) -> list[float]:
    """Of each file the time of a call, in turns so that all meet the same moments."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    sessions = [onnxruntime.InferenceSession(each, options, providers=["CPUExecutionProvider"]) for each in files]
    X = np.random.default_rng(0).normal(size=(rows, 3)).astype(DTYPES[precision])
    calls = max(1, CALLS // rows)
    best = [float("inf")] * len(files)
    for _ in range(REPEATS):
        for place, session in enumerate(sessions):
            began = perf_counter()
            for _ in range(calls):
                session.run(None, {"X": X})
            best[place] = min(best[place], (perf_counter() - began) / calls)
    return best


def main() -> None:
    """Print all of it."""
    one, plain = model(0), model(0, scaled=False)
    ensemble = Ensemble([model(seed) for seed in range(MEMBERS)])
    began = perf_counter()
    whole = exported(ensemble, "jacobian", "double")
    print(f"exporting {MEMBERS} members, with Jacobian: {perf_counter() - began:.2f} s, {len(whole) / 1e6:.1f} MB")
    for precision in DTYPES:
        ways = {
            "fitnet, without scalings": exported(plain, "none", precision),
            "fitnet, with scalings": exported(one, "none", precision),
            "by hand, without scalings": by_hand(one, precision, False),
            "by hand, standardised": by_hand(one, precision, True),
            "fitnet, with Jacobian": exported(one, "jacobian", precision),
            f"fitnet, {MEMBERS} members": exported(ensemble, "none", precision),
            f"fitnet, {MEMBERS} members, with Jacobian": exported(ensemble, "jacobian", precision),
        }
        data = list(ways.values())
        times = zip(seconds(data, precision), seconds(data, precision, MANY), strict=True)
        for (name, each), (one_row, many) in zip(ways.items(), times, strict=True):
            sizes = f"{1e6 * one_row:.1f} us a row, {1e3 * many:.2f} ms for {MANY:,} rows, {len(each) / 1e3:.0f} kB"
            print(f"{precision}: {name}: {sizes}")


if __name__ == "__main__":
    main()
