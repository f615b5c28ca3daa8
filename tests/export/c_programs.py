"""Programs around exported headers: compiled under strict flags, with functions that the tests call."""

import ctypes
import subprocess
from shutil import which

import numpy as np
import pytest

from fitnet.export.c_header import files
from fitnet.model.exporting.subject import subject_of

STRICT = ["-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"]
COMPILERS = {"gcc": "-std=c99", "g++": "-std=c++11", "clang": "-std=c99", "clang++": "-std=c++11"}
DTYPES = {"double": np.float64, "single": np.float32}


def needs(compiler):
    """A mark that skips a test where the compiler is missing."""
    return pytest.mark.skipif(which(compiler) is None, reason=f"{compiler} is not installed")


def compiled(folder, text, *options, compiler="gcc", name="program", strict=True):
    """A program in the folder, or a library where the options say so, from the text of its source."""
    source = folder / (f"{name}.cpp" if "++" in compiler else f"{name}.c")
    source.write_text(text)
    flags = [COMPILERS[compiler], *(STRICT if strict else ())]
    done = subprocess.run(
        [compiler, *flags, *options, source.name, "-o", name, "-lm"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[:3000]
    return folder / name


def output_of(program, *arguments, environment=None):
    """What a program prints; it must succeed."""
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def exported(models, folder, derivatives="hessian", precision="double", mark=""):
    """The subjects of models, whose headers are in the folder: k0.h, k1.h and so on, a mark behind k."""
    subjects = []
    for i, model in enumerate(models.values()):
        subject = subject_of(model, f"k{mark}{i}", derivatives, precision, 0.9, False)
        (folder / f"{subject.name}.h").write_bytes(files(subject)[""])
        subjects.append(subject)
    return subjects


def includes(subjects):
    """The lines that include their headers."""
    return "".join(f'#include "{subject.name}.h"\n' for subject in subjects)


ROWS = """
int run_NAME(size_t n, const NAME_real *X, NAME_real *y, NAME_real *j, NAME_real *h, NAME_real *lower, NAME_real *upper,
             int *status);
int run_NAME(size_t n, const NAME_real *X, NAME_real *y, NAME_real *j, NAME_real *h, NAME_real *lower, NAME_real *upper,
             int *status)
{
    const size_t m = CAPITALS_OUTPUTS, q = CAPITALS_NUMBERS;
    int unequal = 0;
    for (size_t i = 0; i < n; ++i) {
        const NAME_real *x = X + CAPITALS_INPUTS * i;
        NAME_real again[CAPITALS_OUTPUTS];
        status[i] = NAME_predict(x, y + m * i);
        DERIVATIVES
        INTERVAL
        unequal += again[0] > y[m * i] || again[0] < y[m * i];
    }
    (void)q, (void)j, (void)h, (void)lower, (void)upper;
    return unequal;
}
"""
NO_DERIVATIVES = "again[0] = y[m * i];"
DERIVATIVES = """unequal += status[i] != NAME_hessian(x, again, j + m * q * i, h + m * q * q * i);
        unequal += status[i] != NAME_jacobian(x, again, j + m * q * i);"""
INTERVAL = "unequal += status[i] != NAME_interval(x, lower + m * i, upper + m * i);"


def row_function(subject):
    """A function in C that puts all that a model with second derivatives says of rows into arrays."""
    text = ROWS.replace("DERIVATIVES", DERIVATIVES if subject.numbers else NO_DERIVATIVES)
    text = text.replace("INTERVAL", INTERVAL if subject.interval is not None else "")
    return text.replace("NAME", subject.name).replace("CAPITALS", subject.name.upper())


def pointer(array):
    """To the first number of an array."""
    return array.ctypes.data_as(ctypes.c_void_p)


def said(library, subject, rows):
    """Outputs, Jacobian, Hessian, both ends and status of rows, by the library's `row_function`."""
    dtype = DTYPES[subject.precision]
    n, m, q = len(rows), len(subject.outputs), len(subject.numbers)
    X = np.ascontiguousarray(rows, dtype)
    arrays = [np.full((n, *shape), np.nan, dtype) for shape in ((m,), (m, q), (m, q, q), (m,), (m,))]
    status = np.full(n, -1, np.int32)
    run = getattr(library, f"run_{subject.name}")
    assert run(ctypes.c_size_t(n), pointer(X), *map(pointer, arrays), pointer(status)) == 0
    return *arrays, status
