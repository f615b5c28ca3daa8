"""The table commands on measurements: a slice of each, fitted, judged, predicted, looked at."""

import json
from itertools import islice
from pathlib import Path

import pytest

from fitnet import load

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "tables"
TABLES = {"airfoil_self_noise.csv": "SPL_dB", "california_housing.csv": "MedHouseVal"}


@pytest.fixture(params=TABLES)
def slice_of(request, tmp_path, monkeypatch):
    """Every so manyth line of a table, 300 of them, and its target."""
    path = FOLDER / request.param
    if not path.exists():
        pytest.skip(f"{request.param} is not in ../shared/data/tables beside the project")
    monkeypatch.chdir(tmp_path)
    with path.open() as lines:
        header = next(lines)
        rows = list(islice(lines, 0, None, 5))[:300]
    (tmp_path / "slice.csv").write_text(header + "".join(rows))
    return "slice.csv", TABLES[request.param]


def test_a_network_beats_both_baselines(fitnet, slice_of):
    table, target = slice_of
    answer = fitnet(
        "fit", table, "--target", target, "--activation", "tanh", "--hidden", "16", "--alpha", 1e-3, "--json"
    )
    assert (answer.code, answer.err) == (0, "")
    errors = json.loads(answer.out)["evaluation"][target]
    assert errors["network"]["rmse"] < errors["least squares"]["rmse"] < errors["mean"]["rmse"]
    evaluated = fitnet("evaluate", "slice.fitnet", table, "--json")
    assert (evaluated.code, evaluated.err) == (0, "" if not evaluated.err else evaluated.err)
    assert json.loads(evaluated.out)["trained_on"] is True
    predictions = fitnet("predict", "slice.fitnet", table).out.splitlines()
    assert (predictions[0], len(predictions)) == (target, 301)
    assert target in fitnet("inspect", "slice.fitnet").out
    assert fitnet("verify", "slice.fitnet").code == 0
    assert target not in load("slice.fitnet").input_names
