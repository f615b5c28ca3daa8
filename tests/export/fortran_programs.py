"""Exported Fortran, compiled and called: modules of all kinds of models in one shared library.

Rows (n, g) and what a procedure gives for each: outputs (n, m), first derivatives (n, m, q), second (n, m, q, q).
"""

import ctypes
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from fitnet.model.exporting.door import export

COMPILER = shutil.which("gfortran")
STRICT = ("-std=f2008", "-Wall", "-Wextra", "-pedantic", "-Werror")
needs_gfortran = pytest.mark.skipif(COMPILER is None, reason="gfortran is not installed")
PROCESSES = 2


def compiled(folder, *arguments):
    """Run the compiler in a folder; it must not say a word."""
    result = subprocess.run([COMPILER, *STRICT, *arguments], cwd=folder, capture_output=True, text=True)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", ""), result.stderr[:3000]


def exported(models, folder, **options):
    """A module of each model, k0.f90 and so on; gives the modules' names, by kind."""
    names = {}
    for number, (kind, model) in enumerate(models.items()):
        names[kind] = f"k{number}"
        export(model, folder / f"k{number}.f90", **options)
    return names


def texts(folder, models, **options):
    """The modules' texts, by kind."""
    names = exported(models, folder, **options)
    return {kind: (folder / f"{name}.f90").read_text() for kind, name in names.items()}


def library(names, folder, *flags):
    """All modules in one shared library."""

    def to_object(name):
        compiled(folder, *flags, "-fPIC", "-c", f"{name}.f90")

    with ThreadPoolExecutor(PROCESSES) as pool:
        list(pool.map(to_object, names.values()))
    compiled(folder, "-shared", *(f"{name}.o" for name in names.values()), "-o", "models.so")
    return ctypes.CDLL(folder / "models.so")


@dataclass(frozen=True)
class Module:
    """A module in a library: its name, its sizes m and q, and the kind of its numbers."""

    library: Any
    name: str
    m: int
    q: int
    dtype: Any = np.float64
    statuses: list = field(default_factory=list)

    def procedure(self, name):
        """As gfortran names it."""
        return getattr(self.library, f"__{self.name}_model_MOD_{self.name}_{name}")

    def called(self, name, rows, *shapes, given=()):
        """What a procedure gives row by row, with `given` vectors behind x: arrays, and the status."""
        procedure = self.procedure(name)
        arguments = [np.ascontiguousarray(each, self.dtype) for each in (rows, *given)]
        results = [np.empty((len(rows), *shape[::-1]), self.dtype) for shape in shapes]
        status = np.empty(len(rows), np.int32)
        arrays = [*arguments, *results, status]
        places = [(each.ctypes.data, each.strides[0]) for each in arrays]
        for i in range(len(rows)):
            procedure(*(ctypes.c_void_p(start + i * stride) for start, stride in places))
        return [*(np.transpose(each, (0, *range(each.ndim - 1, 0, -1))) for each in results), status]

    def predict(self, rows):
        """y and the status."""
        return self.called("predict", rows, (self.m,))

    def jacobian(self, rows):
        """y, dy/dx and the status."""
        return self.called("jacobian", rows, (self.m,), (self.m, self.q))

    def tangent(self, rows, dx):
        """y, dy and the status."""
        return self.called("tangent", rows, (self.m,), (self.m,), given=[dx])

    def adjoint(self, rows, y_bar):
        """x_bar and the status."""
        return self.called("adjoint", rows, (self.q,), given=[y_bar])

    def hessian(self, rows):
        """y, first and second derivatives, and the status."""
        return self.called("hessian", rows, (self.m,), (self.m, self.q), (self.m, self.q, self.q))

    def interval(self, rows):
        """Both ends and the status."""
        return self.called("interval", rows, (self.m,), (self.m,))

    def predict_rows(self, rows):
        """y and the statuses by the C binding, which takes all rows at once."""
        x = np.ascontiguousarray(rows, self.dtype)
        y, status = np.empty((len(x), self.m), self.dtype), np.empty(len(x), np.int32)
        call = getattr(self.library, f"{self.name}_predict_rows_c")
        call(len(x), *(ctypes.c_void_p(each.ctypes.data) for each in (x, y, status)))
        return y, status

    def in_c(self, name, row, *shapes):
        """What the C binding gives for one row."""
        x, status = np.ascontiguousarray(row, self.dtype), np.empty(1, np.int32)
        results = [np.empty(shape, self.dtype) for shape in shapes]
        call = getattr(self.library, f"{self.name}_{name}_c")
        call(*(ctypes.c_void_p(each.ctypes.data) for each in (x, *results, status)))
        return [*results, int(status[0])]
