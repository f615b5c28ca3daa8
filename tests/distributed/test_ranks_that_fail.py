"""Ranks that die, are told to end, or cannot write: all others end soon, and the checkpoint goes on.

By default with MPICH; with --all-ranks with Open MPI too.
"""

import signal

import numpy as np
import pytest
from mpi import SOON, said_by, started, until_now

PROGRAM = "failing_ranks_program.py"


@pytest.fixture
def every_number(request):
    return request.config.getoption("--all-ranks")


def ended_soon(process, number=None):
    """What was said from the line "now" on, when the signal was sent, until all had ended."""
    try:
        until_now(process)
        if number is not None:
            process.send_signal(number)
        output, _ = process.communicate(timeout=SOON)
        return output
    finally:
        process.kill()


def test_a_rank_is_killed_and_two_others_go_on(kind, tmp_path):
    process = started(kind, 3, PROGRAM, "killed", tmp_path)
    assert "illed" in ended_soon(process)
    assert process.returncode != 0
    code, output = said_by(kind, 2, PROGRAM, "goes-on", tmp_path)
    assert code == 0, output
    assert sorted(output.split("\n")) == ["", "rank 0: True", "rank 1: True"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_all_are_told_to_end(kind, tmp_path, number):
    process = started(kind, 2, PROGRAM, "endless", tmp_path)
    output = ended_soon(process, number)
    if number == signal.SIGTERM:
        assert process.returncode != 0
    elif kind == "mpich":  # Open MPI's mpiexec takes Ctrl-C as SIGTERM
        assert [line for line in sorted(output.splitlines()) if "rank" in line] == [
            "rank 0: interrupted",
            "rank 1: interrupted",
        ]
    assert (tmp_path / "kept").exists()


def test_a_full_disk_ends_all_ranks_with_its_error(kind, tmp_path, every_number):
    if not every_number:
        pytest.skip("takes seconds, as the shell on a full disk does, which is tested always; with --all-ranks")
    code, output = said_by(kind, 3, PROGRAM, "full-disk", tmp_path)
    assert code == 0, output
    assert all(f"rank {rank}: File too large" in output for rank in range(3))


def test_the_shell_trains_over_ranks(kind, tmp_path, every_number):
    """One voice, one file, and the bits of one rank."""
    write_table(tmp_path / "table.csv")
    fit = ["shell", tmp_path, "dry", "fit", "table.csv", "--target", "y", "--ranks", "--hidden", "5", "--epochs", "3"]
    sizes = (1, 3) if every_number else (3,)
    for size in sizes:
        code, output = said_by(kind, size, PROGRAM, *fit, "--out", f"{size}.fitnet")
        assert code == 0, output
        assert output.count("Rows: ") == 1, output
    assert len({(tmp_path / f"{size}.fitnet").read_bytes() for size in sizes}) == 1


def test_a_full_disk_ends_the_shell_on_all_ranks(kind, tmp_path):
    write_table(tmp_path / "table.csv")
    fit = ["shell", tmp_path, "full", "fit", "table.csv", "--target", "y", "--ranks", "--hidden", "5", "--epochs", "3"]
    code, output = said_by(kind, 2, PROGRAM, *fit)
    assert code == 2
    assert output.count("File too large") == 1, output
    assert not (tmp_path / "table.fitnet").exists()


def write_table(path):
    X = np.random.default_rng(0).normal(size=(200, 3))
    np.savetxt(path, np.column_stack([X, X[:, 0] * X[:, 1]]), delimiter=",", header="a,b,c,y", comments="")
