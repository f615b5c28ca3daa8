"""Models exported to ONNX and run by onnxruntime; tests that import this are skipped where a package is missing."""

import numpy as np
import pytest

from fitnet.export.onnx_graph import files
from fitnet.model.exporting.subject import subject_of

onnx = pytest.importorskip("onnx", reason="ONNX files are written by the package onnx")
onnxruntime = pytest.importorskip("onnxruntime", reason="ONNX files are run by the package onnxruntime")

DTYPES = {"double": np.float64, "single": np.float32}


def exported(given, derivatives="none", precision="double", by_name=False):
    """The file's bytes."""
    return files(subject_of(given, "net", derivatives, precision, 0.9, by_name))[""]


def run(data, rows, precision="double"):
    """What onnxruntime makes of rows: by the outputs' names."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    names = [each.name for each in session.get_outputs()]
    return dict(zip(names, session.run(None, {"X": np.asarray(rows, DTYPES[precision])}), strict=True))
