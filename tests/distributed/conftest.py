"""Which kinds of MPI programs are tried with."""

import pytest
from mpi import KINDS


@pytest.fixture(params=KINDS)
def kind(request):
    """MPICH, and with --all-ranks Open MPI too."""
    if request.param != KINDS[0] and not request.config.getoption("--all-ranks"):
        pytest.skip("both MPIs take minutes: MPICH is tested always, this one with --all-ranks")
    return request.param
