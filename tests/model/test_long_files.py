"""Model files with tens of thousands of columns or layers: the work to read them grows no faster than they do."""

import sys

import numpy as np
import pytest

from fitnet import Model, Network, load

TWICE = 2.2  # the work for twice the names; what is done once a file makes it less than 2


def wide(path, count):
    """A model file of `count` inputs, with names, units and ranges."""
    network = Network.of_widths((count, 1))
    names = [f"column {i}" for i in range(count)]
    ranges = np.array([np.zeros(count), np.ones(count)])
    parameters = np.zeros(network.n_parameters, np.float32)
    Model(network, parameters, input_names=names, units=dict.fromkeys(names, "m"), input_ranges=ranges).save(path)


def deep(path, count):
    """A model file of `count` layers of one neuron."""
    network = Network.of_widths([1] * (count + 1))
    Model(network, np.full(network.n_parameters, 0.5, np.float32)).save(path)


class Counted(str):
    """A name that counts how often it is compared, as a search in a list does it."""

    comparisons = 0

    def __eq__(self, other):
        Counted.comparisons += 1
        return str.__eq__(self, other)

    def __hash__(self):
        return str.__hash__(self)


def calls(action):
    """How many functions `action` calls, those in C too."""
    count = 0

    def watch(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        action()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("write", [wide, deep])
def test_calls_grow_with_the_file(tmp_path, write):
    counts = []
    for count in (500, 1000, 2000):
        write(tmp_path / "m.fitnet", count)
        counts.append(calls(lambda: load(tmp_path / "m.fitnet")))
    assert counts[1] < TWICE * counts[0]
    assert counts[2] < TWICE * counts[1]


def test_names_are_not_searched_for_one_by_one(tmp_path, monkeypatch):
    from fitnet.model import file

    wide(tmp_path / "m.fitnet", 2000)
    described = file.described

    def with_counted_names(text):
        found = described(text)
        found["input_names"] = [Counted(name) for name in found["input_names"]]
        return found

    monkeypatch.setattr(file, "described", with_counted_names)
    assert load(tmp_path / "m.fitnet").input_names[-1] == "column 1999"
    assert Counted.comparisons < 10 * 2000


def test_thirty_thousand_names_are_loaded(tmp_path):
    wide(tmp_path / "m.fitnet", 30_000)
    model = load(tmp_path / "m.fitnet")
    assert len(model.input_names) == 30_000
    assert model.predict(np.zeros((2, 30_000))).shape == (2, 1)
