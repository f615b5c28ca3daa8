"""A cluster of two processes: the same bits as threads, whichever worker dies, and a model that is sent once."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from fitnet import AutoRegressor, Model, Network
from fitnet.distributed import predict
from fitnet.distributed.shipping import IN_THE_GRAPH_BYTES, file_bytes
from fitnet.engine import ENGINES
from fitnet.engine.compute import Compute
from fitnet.fitting.candidate import network
from fitnet.fitting.cross_fit import CrossFit
from fitnet.fitting.dask_workers import DaskWorkers
from fitnet.fitting.folds import dealt
from fitnet.fitting.training_rows import TrainingRows

da = pytest.importorskip("dask.array", reason="dask is not installed: pip install 'fitnet[dask]'")
distributed = pytest.importorskip("distributed")  # behind the other: without either it would be this very folder
WHY = "the reference engine gives a row other bits beside other rows"
pytestmark = pytest.mark.skipif("native" not in ENGINES, reason=WHY)

X = np.random.default_rng(0).uniform(-1, 1, (120, 2))
y = np.sin(3 * X[:, 0]) + X[:, 1]
ROWS = TrainingRows(X, y[:, np.newaxis])
CANDIDATES = network("one", "silu", (8,), epochs=20), network("other", "relu", (8,), epochs=20)


@pytest.fixture(scope="module")
def client():
    """Of two workers with a thread each, which only this machine can reach."""
    settings = {"host": "127.0.0.1", "dashboard_address": None, "processes": True, "silence_logs": 50}
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, **settings) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def cross_fitted(placement, seed=0, done=lambda *_: None):
    """The bits of all members, in their order."""
    generator = np.random.default_rng(seed)
    fitted = CrossFit(CANDIDATES, ROWS, dealt(ROWS.n, 3, generator), 3)
    fitted.run(generator, Compute("auto", 1), placement, done)
    members = [member for each in CANDIDATES for member in fitted.of(each.name)]
    assert len(members) == 6
    return b"".join(member.model.parameters.tobytes() + member.prediction.tobytes() for member in members)


def bits(regressor):
    ensemble = regressor.model_
    members = b"".join(member.parameters.tobytes() for member in ensemble.members)
    return members + ensemble.weights.tobytes() + regressor.oof_prediction_.tobytes() + ensemble.predict(X).tobytes()


def test_an_ensemble_has_the_bits_that_threads_give(client):
    one = AutoRegressor("fast", random_state=0, n_jobs=2).fit(X[:40], y[:40])
    other = AutoRegressor("fast", random_state=0).fit(X[:40], y[:40], client=client)
    assert bits(one) == bits(other)
    assert "client" not in other.get_params()


def test_joblibs_own_backend_gives_them_too(client):
    from joblib import parallel_config

    with parallel_config("dask", client=client):
        assert cross_fitted(2) == cross_fitted(DaskWorkers(client))


def test_two_fits_at_once(client):
    with ThreadPoolExecutor(2) as threads:
        found = [*threads.map(lambda seed: cross_fitted(DaskWorkers(client), seed), [0, 1])]
    assert found == [cross_fitted(1, 0), cross_fitted(1, 1)]


@pytest.mark.parametrize("victims", [1, 2])
def test_workers_that_are_killed_change_nothing(client, victims):
    """With both gone, so is the table that they had."""
    client.wait_for_workers(2)
    killed = []

    def kill(*_):
        if not killed:
            killed.extend([*client.run(os.getpid).values()][:victims])
            for process in killed:
                os.kill(process, signal.SIGKILL)

    assert cross_fitted(DaskWorkers(client), done=kill) == cross_fitted(2)
    assert len(killed) == victims


def test_the_table_is_sent_once(client, monkeypatch):
    sent = []
    scatter = client.scatter
    monkeypatch.setattr(client, "scatter", lambda data, **how: sent.append(data) or scatter(data, **how))
    cross_fitted(DaskWorkers(client))
    assert len(sent) == 1


def test_a_large_model_is_no_part_of_the_graph(client, tmp_path):
    """And a worker that dies while it predicts is made up for by others."""
    cloudpickle = pytest.importorskip("cloudpickle")
    layers = Network.of_widths((2, 300, 300, 1))
    model = Model(layers, layers.initial_parameters(np.random.default_rng(0)))
    assert len(file_bytes(model)) > IN_THE_GRAPH_BYTES / 2
    layers = Network.of_widths((2, 600, 600, 1))
    model = Model(layers, layers.initial_parameters(np.random.default_rng(0)))
    assert len(file_bytes(model)) > 1_000_000
    died = tmp_path / "died"

    def dies_once(block, block_info=None):
        if block_info[0]["array-location"][0][0] == 60 and not died.exists():
            died.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return block

    answer = predict(model, da.from_array(X, chunks=(20, 2)).map_blocks(dies_once, meta=X[:0]))
    assert len(cloudpickle.dumps(dict(answer.__dask_graph__()))) < 1_000_000
    np.testing.assert_array_equal(client.compute(answer).result(), model.predict(X))
    assert died.exists()
