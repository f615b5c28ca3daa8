"""Compute: which engine and how many threads; chosen once, when it is first needed, and anew by every copy."""

import copy
import pickle

import pytest

from fitnet.engine import ENGINES, choose
from fitnet.engine.compute import Compute
from fitnet.errors import ArgumentTypeError, ArgumentValueError, EngineUnavailableError


@pytest.mark.parametrize("name", ENGINES)
def test_gives_the_engine_that_was_asked_for(name):
    compute = Compute(name, 3)
    assert type(compute.chosen) is ENGINES[name]
    assert compute.chosen is compute.chosen
    assert compute.chosen.n_threads == choose(name, 3).n_threads


def test_gives_the_fastest_unless_told_otherwise():
    assert Compute().chosen.name == choose("auto", None).name


def test_chooses_when_it_is_first_needed(monkeypatch):
    compute = Compute()
    monkeypatch.setenv("FITNET_NUM_THREADS", "many")
    with pytest.raises(ArgumentValueError, match="`FITNET_NUM_THREADS` is 'many'"):
        _ = compute.chosen
    monkeypatch.delenv("FITNET_NUM_THREADS")
    assert compute.chosen.name in ENGINES


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda compute: pickle.loads(pickle.dumps(compute))])
def test_a_copy_chooses_anew(copied):
    compute = Compute("reference", 2)
    engine = compute.chosen
    again = copied(compute)
    assert again == compute
    assert again.chosen is not engine


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        (("fast",), ArgumentValueError, "`engine` is 'fast'; it must be one of auto, reference, native."),
        (("nativ",), ArgumentValueError, "(did you mean 'native'?)."),
        (("auto", 0), ArgumentValueError, "`n_threads` is 0; it must be at least 1."),
        (("auto", 1025), ArgumentValueError, "`n_threads` is 1025; it must be at most 1024."),
        (("auto", 2.0), ArgumentTypeError, "`n_threads` is 2.0; it must be a whole number."),
    ],
)
def test_what_there_is_not_is_refused(arguments, error, sentence):
    with pytest.raises(error) as raised:
        Compute(*arguments)
    assert str(raised.value).endswith(sentence)


def test_an_engine_that_was_not_built_is_missed_when_it_is_needed(monkeypatch):
    monkeypatch.delitem(ENGINES, "native", raising=False)
    monkeypatch.setattr("fitnet.engine._why_not_native", "no compiler", raising=False)
    compute = Compute("native")
    with pytest.raises(EngineUnavailableError, match="The native engine is not installed"):
        _ = compute.chosen
