"""Dask's workers as those who train: what is no client is refused, and who asks must be of the same version."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from fitnet import AutoRegressor
from fitnet.errors import ArgumentTypeError, ArgumentValueError, WorkersDiedError
from fitnet.fitting.dask_workers import TRIES, DaskWorkers, on_a_worker, placement_on
from fitnet.fitting.training_rows import TrainingRows
from fitnet.version import __version__


class Future:
    """One whose outcome was lost."""

    status = "cancelled"

    def __init__(self, error):
        self.error = error

    def result(self):
        raise self.error

    def add_done_callback(self, callback):
        callback(self)


class Client:
    """One whose workers lose everything."""

    status, asynchronous, error = "running", False, None

    def __init__(self, workers=1):
        self.workers, self.submitted, self.cancelled = workers, 0, 0

    def nthreads(self):
        return dict.fromkeys(range(self.workers), 1)

    def scatter(self, shared, **_):
        return [SimpleNamespace(status="finished")]

    def submit(self, *_, **__):
        self.submitted += 1
        return Future(self.error)

    def cancel(self, futures):
        self.cancelled += len(futures)


class Running:
    """A job's future: the first `threads - 1` end with the last, any other as soon as somebody looks at one."""

    def __init__(self, client, job):
        self.client, self.job, self.pending = client, job, True

    def add_done_callback(self, callback):
        self.callback = callback

    @property
    def status(self):
        whole = len(self.client.futures) == self.client.jobs
        for future in self.client.futures[0 if whole else self.client.threads - 1 :]:
            future.end()
        return "pending" if self.pending else "finished"

    def end(self):
        if self.pending:
            self.pending = False
            self.callback(self)

    def result(self):
        assert not self.pending
        return self.job


class Busy(Client):
    """One with so many threads, all but one of which take long over the first jobs."""

    def __init__(self, jobs, threads):
        super().__init__()
        self.jobs, self.threads, self.futures, self.most = jobs, threads, [], 0

    def nthreads(self):
        return {"one": 1, "other": self.threads - 1}

    def submit(self, task, version, function, shared, job, **_):
        self.futures.append(Running(self, *job))
        self.most = max(self.most, sum(future.pending for future in self.futures))
        return self.futures[-1]


@pytest.fixture
def dask_errors(monkeypatch):
    """Dask's two errors for what is lost, whether it is installed or not."""
    errors = SimpleNamespace(
        CancelledError=type("CancelledError", (Exception,), {}), KilledWorker=type("KilledWorker", (Exception,), {})
    )
    monkeypatch.setitem(sys.modules, "distributed", errors)
    return errors


@pytest.mark.parametrize("name", ["CancelledError", "KilledWorker"])
def test_what_is_always_lost_ends_in_a_sentence(dask_errors, name):
    client = Client()
    client.error = getattr(dask_errors, name)()
    with pytest.raises(WorkersDiedError, match="died again and again"):
        next(DaskWorkers(client).results(max, ([1],), [()]))
    assert client.submitted == TRIES + 1
    assert client.cancelled == 1


def test_a_client_that_was_closed_is_not_asked_again(dask_errors):
    client = Client()
    client.error, client.status = dask_errors.CancelledError(), "closed"
    with pytest.raises(WorkersDiedError):
        next(DaskWorkers(client).results(max, ([1],), [()]))
    assert client.submitted == 1


@pytest.mark.parametrize("error, asked", [(OSError, TRIES), (TimeoutError, 1)])
def test_a_table_whose_sending_fails_is_sent_again(dask_errors, monkeypatch, error, asked):
    """As where a worker dies meanwhile; where no worker comes in time, Dask has waited already."""

    def scatter(*_, **__):
        sent.append(None)
        if len(sent) < most:
            raise error("Stream is closed")
        return [SimpleNamespace(status="finished")]

    sent, most, client = [], TRIES, Busy(2, 2)
    monkeypatch.setattr(client, "scatter", scatter)
    results = DaskWorkers(client).results(max, ([1],), [(0,), (1,)])
    if error is OSError:
        assert [*results] == [0, 1]
        sent, most = [], np.inf
        results = DaskWorkers(client).results(max, ([1],), [(0,), (1,)])
    with pytest.raises(error, match="Stream is closed"):
        next(results)
    assert len(sent) == asked


@pytest.mark.parametrize("threads", [2, 3])
def test_whoever_is_done_gets_the_next_job_and_nobody_has_two(dask_errors, threads):
    """One long job keeps one thread, and none behind it; results come in the jobs' order all the same."""
    client = Busy(7, threads)
    assert [*DaskWorkers(client).results(max, ([1],), [(k,) for k in range(7)])] == [*range(7)]
    assert client.most == threads


def test_without_a_client_there_are_threads():
    assert placement_on(None, 3) == 3
    assert isinstance(placement_on(Client(), 3), DaskWorkers)


@pytest.mark.parametrize("client", ["127.0.0.1:8786", 2, object()])
def test_what_is_no_client_is_refused(client):
    with pytest.raises(ArgumentTypeError, match=r"`client` is \w+; it must be a distributed.Client, or None") as raised:
        AutoRegressor().fit(np.eye(20), np.arange(20), client=client)
    assert raised.value.argument == "client"


def test_a_client_that_cannot_help_is_refused():
    with pytest.raises(ArgumentValueError, match=r"`client` has no workers; client\.wait_for_workers"):
        placement_on(Client(workers=0), 1)
    client = Client()
    client.asynchronous = True
    with pytest.raises(ArgumentValueError, match="`client` is asynchronous"):
        placement_on(client, 1)


def test_a_worker_of_another_version_does_nothing():
    assert on_a_worker(__version__, max, (1,), (2,)) == 2
    with pytest.raises(ArgumentValueError, match=rf"a worker with fitnet {__version__}, and this is 9\.9; they must"):
        on_a_worker("9.9", max, (1,), (2,))


def test_rows_say_how_large_they_are():
    X, Y = np.zeros((1000, 3)), np.zeros((1000, 2))
    assert sys.getsizeof(TrainingRows(X, Y)) >= X.nbytes + Y.nbytes
    assert sys.getsizeof(TrainingRows(X, Y, np.ones(1000))) >= X.nbytes + Y.nbytes + 8000
