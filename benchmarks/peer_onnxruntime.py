"""onnxruntime: the network as a small ONNX graph of Gemm and Relu, run by its CPU provider."""

from typing import Any

from benchmarks import peer_command
from benchmarks.peers import pieces
from benchmarks.stopwatch import Work, repeated
from benchmarks.workloads import Workload

OPSET, IR_VERSION = 17, 8  # old enough for every onnxruntime of today


def prepare(workload: Workload, variant: str, threads: int) -> Work:
    """`InferenceSession.run`, NumPy in and out, all graph optimisations on."""
    import numpy as np
    import onnxruntime

    from benchmarks.data import training_rows

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(graph(workload), options, providers=["CPUExecutionProvider"])
    X, _ = training_rows(workload)
    out = np.empty((workload.rows, workload.widths[-1]), np.float32)

    def whole() -> Any:
        return session.run(None, {"X": X})[0]

    def in_pieces() -> Any:
        for part in pieces(workload.rows):
            out[part] = session.run(None, {"X": X[part]})[0]
        return out

    return repeated(in_pieces if variant.endswith("in pieces") else whole)


def graph(workload: Workload) -> bytes:
    """The ONNX model, serialised; X has a free number of rows."""
    from onnx import TensorProto, helper, numpy_helper

    from benchmarks.data import weights_and_biases

    nodes, constants, value = [], [], "X"
    layers = weights_and_biases(workload)
    for i, (W, b) in enumerate(layers):
        constants += [numpy_helper.from_array(W, f"W{i}"), numpy_helper.from_array(b, f"b{i}")]
        last = i == len(layers) - 1
        nodes.append(helper.make_node("Gemm", [value, f"W{i}", f"b{i}"], ["Y" if last else f"z{i}"]))
        if not last:
            nodes.append(helper.make_node("Relu", [f"z{i}"], [f"a{i}"]))
            value = f"a{i}"
    ends = [
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", width])]
        for name, width in (("X", workload.widths[0]), ("Y", workload.widths[-1]))
    ]
    network = helper.make_graph(nodes, "network", *ends, constants)
    model = helper.make_model(network, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    return model.SerializeToString()


if __name__ == "__main__":
    peer_command.main("onnxruntime", prepare)
