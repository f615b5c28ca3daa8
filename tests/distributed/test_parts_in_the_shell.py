"""fitnet fit --ranks of many files, by mpiexec: the model of one file on one rank, and one sentence where it fails.

By default with MPICH over three ranks, of Parquet; with --all-ranks over up to seven, of text and with Open MPI too.
"""

import numpy as np
import polars as pl
import pytest
from mpi import said_by

from fitnet import load
from fitnet.cli import main
from ranks_in_threads import Communicator, World

PROGRAM = "failing_ranks_program.py"
EDGES = (0, 1, 1001, 1001, 1002, 1020)
LM = (
    "--target",
    "y",
    "--solver",
    "lm",
    "--hidden",
    "4",
    "--activation",
    "tanh",
    "--epochs",
    "3",
    "--test-fraction",
    "0",
)


@pytest.fixture
def runs(request):
    """Tables, and over how many ranks."""
    if not request.config.getoption("--all-ranks"):
        return [("parquet/*.parquet", 3)]
    return [*(("parquet/*.parquet", size) for size in (2, 4, 7)), *(("csv", size) for size in (1, 3, 7))]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Files of 1, 1,000, no, 1 and 18 rows, as Parquet and as text, and one file of all."""
    monkeypatch.chdir(tmp_path)
    X = np.random.default_rng(0).normal(size=(EDGES[-1], 3))
    frame = pl.DataFrame({**dict(zip("abc", X.T, strict=True)), "y": X[:, 0] * X[:, 1]})
    frame.write_parquet("one.parquet")
    for kind in ("parquet", "csv"):
        (tmp_path / kind).mkdir()
        for i in range(len(EDGES) - 1):
            getattr(frame[EDGES[i] : EDGES[i + 1]], f"write_{kind}")(tmp_path / kind / f"p{i}.{kind}")
    return tmp_path


def fit(kind, size, folder, *words):
    return said_by(kind, size, PROGRAM, "shell", folder, "dry", "fit", *words, "--ranks")


def bits(name):
    model = load(name)
    return model.parameters.tobytes(), model.provenance["data_sha256"], model.provenance["table_sha256"]


def fit_here(*words):
    with pytest.raises(SystemExit) as ended:
        main(["fit", "one.parquet", *LM, *words])
    assert ended.value.code in (0, None)


def test_the_model_is_that_of_one_file(kind, runs, folder, monkeypatch):
    """Over one rank, this process; the digests are those without ranks too, where all rows are for training."""
    fit_here("--test-fraction", "0", "--out", "plain.fitnet")
    with monkeypatch.context() as patch:
        patch.setattr("fitnet.distributed.ranks.world", lambda: Communicator(World(1), 0))
        fit_here("--test-fraction", "0", "--out", "one.fitnet", "--ranks")
    assert bits("one.fitnet")[1:] == bits("plain.fitnet")[1:]
    for table, size in runs:
        code, output = fit(kind, size, folder, table, *LM, "--test-fraction", "0", "--out", f"{size}.fitnet")
        assert code == 0, output
        assert output.count("Rows: ") == 1, output
        assert bits(f"{size}.fitnet") == bits("one.fitnet")


def test_a_file_that_only_one_rank_reads_is_named_once(kind, folder):
    (folder / "csv" / "p9.csv").write_text("a,b,c,y\n1,2\n")
    code, output = fit(kind, 2, folder, "csv/*.csv", *LM)
    assert code == 2
    assert [line for line in output.splitlines() if "fitnet: " in line] == [
        "fitnet: csv/p9.csv has 2 cells in line 2; its header line names 4 columns."
    ]
    assert not list(folder.glob("*.fitnet"))
