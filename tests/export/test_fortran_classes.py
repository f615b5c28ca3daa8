"""Fortran modules of models of classes: the most probable one, and names for all."""

import re
import subprocess

import numpy as np
import pytest
from exported_kinds import EXPORTED, expected
from fortran_programs import compiled, exported, needs_gfortran, texts

from fitnet.rows import Categories
from kinds_of_models import model, network

pytestmark = needs_gfortran
N_FEW = 200
CLASSES = [kind for kind in EXPORTED if "classes" in kind]
# Prints the class and the status of every row, then whether the self-test fails; minus infinity stands in the first.
PROGRAM = """
program classes
  use k0_model
  implicit none
  real(k0_kind) :: rows(k0_inputs, {n})
  integer :: i, k, status

  open (unit=10, file="rows.bin", access="stream", form="unformatted", status="old")
  read (10) rows
  do i = 1, {n}
    call k0_classify(rows(:, i), k, status)
    print "(i0, 1x, i0)", k, status
  end do
  print "(i0)", k0_self_test()
end program classes
"""


def classified(given, folder, rows, **options):
    """The classes, from 1, and the statuses of rows; the self-test must pass."""
    exported({"classes": given}, folder, **options)
    (folder / "classes.f90").write_text(PROGRAM.format(n=len(rows)))
    rows.tofile(folder / "rows.bin")
    compiled(folder, "-O1", "k0.f90", "classes.f90", "-o", "classes")
    done = subprocess.run([folder / "classes"], cwd=folder, capture_output=True, text=True, check=True)
    *lines, failed = done.stdout.split("\n")[:-1]
    assert failed == "0"
    return np.array([line.split() for line in lines], int).T


@pytest.mark.parametrize("kind", CLASSES)
def test_the_most_probable_class(kind, tmp_path):
    wanted = expected(EXPORTED[kind], N_FEW)
    rows = wanted.rows.copy()
    rows[0] = -np.inf
    found, status = classified(EXPORTED[kind], tmp_path, rows)
    np.testing.assert_array_equal(found[1:], wanted.outputs.argmax(axis=1)[1:] + 1)
    np.testing.assert_array_equal(status[1:], wanted.outside[1:])
    assert (found[0], status[0]) == (0, 2)


def test_classes_have_names_that_no_level_has(tmp_path):
    words = Categories(("class of", "colour"), (("dogs", "eels"), ("a", "b")))
    layers = network(4, 3, 2, activations=("tanh", "identity"))
    given = model(1, layers, categories=words, classes=("of dogs", "of " + "long " * 20))
    text = texts(tmp_path, {"words": given})["words"]
    named = dict(re.findall(r"parameter, public :: (k0_c\w+) = (\d)$", text, re.MULTILINE))
    long = "k0_class_of_long_long_long_long_long_long_l"
    assert named == {
        **{"k0_class_of_dogs": "1", long: "2", "k0_class_of_dogs_2": "0", "k0_class_of_eels": "1"},
        **{"k0_colour_a": "0", "k0_colour_b": "1"},
    }
    assert "!        1 = k0_class_of_dogs: of dogs\n" in text
    compiled(tmp_path, "-c", "k0.f90")
