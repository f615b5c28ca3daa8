"""Regressor on memory maps that are read in chunks: the model of the same rows in memory, but for their order."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fitnet import Regressor
from fitnet.engine import ENGINES
from fitnet.errors import ArgumentValueError
from fitnet.rows import sources
from tolerances import AS_GOOD_A_FIT, CHUNKED_FIT_MEGABYTES, CHUNKED_SCALING_RTOL, PREDICTION_ATOL_OF_LARGEST

N = 1000


@pytest.fixture(params=["float32", "float64"])
def arrays(request, generator):
    X = (generator.normal(size=(N, 3)) * [1, 10, 100] + 50).astype(request.param)
    return X, (np.sin(X[:, 0]) + X[:, 1] / 10).astype(request.param)


@pytest.fixture
def mapped(tmp_path, monkeypatch):
    """Write arrays and give their maps, which are read in chunks of 170 rows; training takes 128."""
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 100)
    monkeypatch.setattr(sources, "CHUNK_BYTES", 170 * 3 * 8)

    def mapped(*values):
        for i, array in enumerate(values):
            np.save(tmp_path / f"{i}.npy", array)
        return [np.load(tmp_path / f"{i}.npy", mmap_mode="r") for i in range(len(values))]

    return mapped


def regressor(**settings):
    return Regressor((8,), "tanh", **({"max_epochs": 20, "batch_size": 32, "random_state": 0} | settings))


def test_same_model_but_for_the_order_of_the_rows(arrays, mapped):
    X, y = mapped(*arrays)
    chunked, whole = regressor().fit(X, y), regressor().fit(*arrays)
    for name in ("input_scaling", "target_scaling"):
        for part in ("shift", "scale"):
            ours, theirs = (getattr(getattr(one.model_, name), part) for one in (chunked, whole))
            np.testing.assert_allclose(ours, theirs, rtol=CHUNKED_SCALING_RTOL)
    np.testing.assert_array_equal(chunked.model_.input_ranges, whole.model_.input_ranges)
    np.testing.assert_array_equal(chunked.model_.example_inputs, whole.model_.example_inputs)
    assert chunked.model_.provenance == whole.model_.provenance
    assert chunked.n_features_in_ == 3
    assert chunked.history_.loss != whole.history_.loss  # it did go another way
    assert chunked.history_.loss[-1] < AS_GOOD_A_FIT * whole.history_.loss[-1]
    assert chunked.predict(X).shape == (N,)


def test_predictions_are_those_of_the_array(arrays, mapped):
    X, y = mapped(*arrays)
    fitted = regressor(engine="auto").fit(X, y)
    from_file, from_array = fitted.predict(X), fitted.predict(arrays[0])
    assert from_file.dtype == from_array.dtype
    # NumPy's products may round a row otherwise among other rows; the native engine's do not.
    atol = 0 if "native" in ENGINES else PREDICTION_ATOL_OF_LARGEST["float32"] * np.abs(from_array).max()
    np.testing.assert_allclose(from_file, from_array, rtol=0, atol=atol)


@pytest.mark.parametrize("kind", [np.array, list, lambda y: np.column_stack([y, -y])], ids=["array", "list", "two"])
def test_targets_in_memory(arrays, mapped, kind):
    y = kind(arrays[1])
    (X,) = mapped(arrays[0])
    assert regressor(max_epochs=1).fit(X, y).predict(X).shape == np.shape(y)


def test_unscaled_counts(mapped, generator):
    X = generator.normal(size=(N, 2))
    counts = generator.poisson(np.exp(X[:, 0])).astype(float)
    settings = {"loss": "poisson", "scale_inputs": False}
    chunked = regressor(**settings).fit(*mapped(X, counts))
    whole = regressor(**settings).fit(X, counts)
    np.testing.assert_allclose(
        chunked.model_.target_scaling.scale, whole.model_.target_scaling.scale, rtol=CHUNKED_SCALING_RTOL
    )
    assert chunked.model_.input_scaling is None


def test_partial_fit_goes_on(arrays, mapped):
    X, y = mapped(*arrays)
    one = regressor().partial_fit(X, y)
    first = one.history_.loss[0]
    assert one.partial_fit(X, y).history_.loss[0] < first


def test_resumed_fit_is_the_same(arrays, mapped, tmp_path):
    X, y = mapped(*arrays)
    checkpoint = tmp_path / "a.ckpt"
    whole = regressor(max_epochs=6, checkpoint=checkpoint).fit(X, y)
    again = regressor(max_epochs=6, checkpoint=checkpoint).fit(X, y, resume=True)
    np.testing.assert_array_equal(whole.predict(X), again.predict(X))
    assert whole.history_.seconds == again.history_.seconds  # read from the file, not trained anew


@pytest.mark.parametrize("which", [0, 1])
def test_entry_that_is_not_finite_is_refused_with_its_row(arrays, mapped, which):
    arrays = [array.copy() for array in arrays]
    arrays[which].reshape(N, -1)[400, -1] = np.nan  # in the third chunk
    X, y = mapped(*arrays)
    with pytest.raises(ArgumentValueError, match=rf"`{'Xy'[which]}` holds nan at \[400, {[2, 0][which]}\]"):
        regressor().fit(X, y)


def test_early_stopping_needs_validation_data(arrays, mapped):
    X, y = mapped(*arrays)
    with pytest.raises(ArgumentValueError, match="`validation_data` must be given"):
        regressor(early_stopping=True).fit(X, y)
    fitted = regressor(early_stopping=True).fit(X, y, validation_data=(arrays[0][:50], arrays[1][:50]))
    assert len(fitted.history_.validation_loss) == fitted.n_epochs_


def test_refusals(arrays, mapped):
    X, y = mapped(*arrays)
    with pytest.raises(ArgumentValueError, match="`sample_weight` cannot be used with a large memory map"):
        regressor().fit(X, y, np.ones(N))
    with pytest.raises(ArgumentValueError, match="`y` has 900 rows and `X` has 1000"):
        regressor().fit(X, y[:900])
    with pytest.raises(ArgumentValueError, match=r"`batch_size` is 500; .* at most 127"):
        regressor(batch_size=500).fit(X, y)
    with pytest.raises(ValueError, match="3 features"):
        regressor(max_epochs=1).fit(X, y).predict(mapped(np.ones((N, 4)))[0])


FIT = """
import sys
import numpy as np
from fitnet import Regressor
from fitnet.rows import sources

sources.LARGE_MAP_BYTES = 2**20
for folder in sys.argv[1:]:
    X, y = (np.load(f"{folder}/{name}.npy", mmap_mode="r") for name in "Xy")
    Regressor((4,), batch_size=4096, max_epochs=1, random_state=0, n_threads=1).fit(X, y).predict(X)
    print(next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
def test_memory_does_not_grow_with_the_file(tmp_path):
    rows_of = {"small": 500_000, "large": 1_900_000}  # 32 and 122 MB
    for name, n in rows_of.items():
        (tmp_path / name).mkdir()
        column = np.linspace(-1, 1, n, dtype=np.float32)
        np.save(tmp_path / name / "X.npy", np.repeat(column, 16).reshape(n, 16))
        np.save(tmp_path / name / "y.npy", column)
    command = [sys.executable, "-c", FIT, *(tmp_path / name for name in rows_of)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    small, large = (int(peak) / 1000 for peak in run.stdout.split())
    predictions = 8e-6 * (rows_of["large"] - rows_of["small"])
    print(f"{large - small - predictions:.1f} MB more")
    assert large - small - predictions < CHUNKED_FIT_MEGABYTES
