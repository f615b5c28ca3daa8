"""Shipping: a process makes a model of a file's bytes once, and computes on as many threads as was said."""

import numpy as np
import pytest

from fitnet import Model, Network
from fitnet.distributed import shipping
from fitnet.distributed.shipping import ReadyModels, Shipped, file_bytes, model_from

MODEL = Model(Network.of_widths((2, 3, 1)), np.linspace(-1, 1, 13))


def test_a_process_loads_a_model_once():
    loads = []

    def load(*given):
        loads.append(given)
        return MODEL

    ready, one, other = ReadyModels(load), Shipped("a", "auto", 1), Shipped("a", "auto", 2)
    for ticket in (one, one, other, one):
        assert ready(ticket, b"bytes") is MODEL
    assert loads == [(b"bytes", "auto", 1), (b"bytes", "auto", 2)]


def test_those_used_longest_ago_are_forgotten(monkeypatch):
    monkeypatch.setattr(shipping, "KEPT", 2)
    loads = []
    ready = ReadyModels(lambda blob, *_: loads.append(blob))
    for name in "abacb":
        ready(Shipped(name, "auto", 1), name)
    assert loads == ["a", "b", "c", "b"]


def test_what_arrives_is_what_was_sent():
    arrived = model_from(file_bytes(MODEL), "reference", 1)
    assert (arrived.compute.engine, arrived.compute.n_threads) == ("reference", 1)
    np.testing.assert_array_equal(arrived.parameters, MODEL.parameters)


@pytest.mark.parametrize("n_threads", [1, 2, None])
def test_threads_are_those_that_were_asked_for(n_threads):
    pytest.importorskip("dask", reason="dask is not installed: pip install 'fitnet[dask]'")
    ticket, blob = shipping.shipped(MODEL, n_threads)
    assert ticket.n_threads == n_threads
    assert ReadyModels()(ticket, blob.compute()).compute.n_threads == n_threads
