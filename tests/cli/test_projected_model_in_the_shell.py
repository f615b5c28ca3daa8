"""A model whose encoding has projections in the shell: it is shown and used by its own columns."""

import json

import numpy as np
import polars as pl
import pytest

from fitnet import Model
from kinds_of_models import HIGH, KINDS, LOW


@pytest.mark.parametrize("kind", ["projected", "ensemble, projected, float32"])
def test_it_is_inspected_verified_and_predicts(fitnet, tmp_path, monkeypatch, kind):
    monkeypatch.chdir(tmp_path)
    model, X = KINDS[kind].model, np.random.default_rng(1).uniform(LOW, HIGH, (20, 3))
    model.save("projected.fitnet")
    pl.DataFrame(dict(zip(model.input_names, X.T, strict=True))).write_parquet("rows.parquet")
    shown = fitnet("inspect", "projected.fitnet")
    assert (shown.code, shown.err) == (0, "")
    assert all(name in shown.out for name in (*model.input_names, *model.output_names))
    told = json.loads(fitnet("inspect", "projected.fitnet", "--json").out)
    assert [each["name"] for each in told["inputs"]] == list(model.input_names)
    if isinstance(model, Model):
        assert told["parameters"] == model.network.n_parameters
    assert fitnet("verify", "projected.fitnet").code == 0
    answer = fitnet("predict", "projected.fitnet", "rows.parquet", "--out", "made.parquet")
    assert (answer.code, answer.err) == (0, "")
    made = pl.read_parquet("made.parquet").select(model.output_names).to_numpy()
    np.testing.assert_array_equal(made, model.predict(X))
