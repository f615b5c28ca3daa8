"""The benchmark of exported code measures a small network in C."""

from shutil import which

import pytest
from benchmarks.exported_code import in_c, in_python, models, single


@pytest.mark.skipif(which("cc") is None, reason="no C compiler is installed")
def test_a_small_network_is_measured(tmp_path):
    model = single((3, 4, 1), "relu")
    figures = in_c(model, "single", tmp_path, True) | in_python(model, True)
    assert {"kB", "export s", "compile s", "row ns", "jacobian ns"} == set(figures)
    assert min(figures.values()) > 0


def test_the_models_that_are_measured():
    assert len(models()) == 5
