"""Trainings over the ranks of real MPI programs: the same bits for any number of them, and those of one process.

By default over a few; with --all-ranks (`make test-ranks`) over 1, 2, 3, 4 and 7, by MPICH and by Open MPI.
"""

import json

import pytest
from mpi import KINDS, said_by

SHORT = {"mpich": (2, 3, 7), "openmpi": (4, 2)}
ALL = (1, 2, 3, 4, 7)


@pytest.fixture(scope="module", params=KINDS)
def found(request, tmp_path_factory):
    """By name of what is trained, the digest for each number of ranks; and what was refused."""
    sizes = ALL if request.config.getoption("--all-ranks") else SHORT[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    code, output = said_by(request.param, max(sizes), "ranks_program.py", folder, *sizes)
    assert code == 0, output
    return json.loads(next(line for line in output.splitlines() if line.startswith("{")))


def test_bits_do_not_depend_on_the_ranks(found):
    for name, digests in found.items():
        assert name == "refused" or len(set(digests.values())) == 1, (name, digests)


def test_all_that_is_to_be_equal_was_compared(found):
    sizes = {
        name: [size for size in digests if size != "plain"] for name, digests in found.items() if name != "refused"
    }
    assert all(len(each) > 1 for each in sizes.values())
    for name in ("lm", "lm-bayesian", "lbfgs", "adam", "adam in float64", "three rows", "classes"):
        assert "plain" in found[name]


def test_threads_and_an_interruption_change_no_bit(found):
    assert set(found["more threads than cores"].values()) == set(found["adam"].values())
    assert set(found["resumed"].values()) == set(found["batches, early stopping"].values())


def test_what_differs_is_refused_on_every_rank(found):
    """The program sees to it that all ranks said the same."""
    assert found["refused"] == {
        "dtypes": "Rank 1 has inputs and targets of float32 and float64, rank 0 of float64 and float64; they must be "
        "alike.",
        "columns": "Rank 1 has 2 inputs and 1 targets and rank 0 has 3 and 1; they must be alike.",
        "gap": "`X` holds NaN at [1, 1]; every entry must be a finite number: `missing='drop'` leaves those rows out.",
        "version": found["refused"]["version"],
    }
    assert found["refused"]["version"].startswith("Rank 1 runs fitnet 0.0.1 and rank 0 fitnet ")
