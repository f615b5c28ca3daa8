"""Threads: the argument goes before the environment variable, and that before the cores."""

import os

import numpy as np
import pytest

import fitnet
from fitnet.engine import ENGINES, choose, thread_count, usable_cores
from fitnet.errors import ArgumentTypeError, ArgumentValueError

VARIABLE = "FITNET_NUM_THREADS"


@pytest.fixture(autouse=True)
def no_variable(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)


def test_all_usable_cores_unless_told_otherwise():
    assert thread_count() == usable_cores() >= 1


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system cannot confine a process")
def test_cores_that_are_out_of_reach_do_not_count():
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, [min(before)])
    try:
        assert thread_count() == 1
    finally:
        os.sched_setaffinity(0, before)


@pytest.mark.parametrize(("text", "count"), [("1", 1), (" 3 ", 3), ("1024", 1024)])
def test_the_environment_may_say(monkeypatch, text, count):
    monkeypatch.setenv(VARIABLE, text)
    assert thread_count() == count
    assert thread_count(2) == 2


def test_an_empty_variable_says_nothing(monkeypatch):
    monkeypatch.setenv(VARIABLE, "")
    assert thread_count() == usable_cores()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("many", "`FITNET_NUM_THREADS` is 'many'; it must be a whole number."),
        ("2.5", "`FITNET_NUM_THREADS` is '2.5'; it must be a whole number."),
        ("-1", "`FITNET_NUM_THREADS` is '-1'; it must be a whole number."),
        ("0", "`FITNET_NUM_THREADS` is 0; it must be at least 1."),
        ("1025", "`FITNET_NUM_THREADS` is 1025; it must be at most 1024."),
    ],
)
def test_a_wrong_variable_is_named(monkeypatch, text, message):
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(ArgumentValueError) as caught:
        choose("reference")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("n_threads", "error", "message"),
    [
        (0, ArgumentValueError, "`n_threads` is 0; it must be at least 1."),
        (1025, ArgumentValueError, "`n_threads` is 1025; it must be at most 1024."),
        (2.0, ArgumentTypeError, "`n_threads` is 2.0; it must be a whole number."),
        (True, ArgumentTypeError, "`n_threads` is True; it must be a whole number."),
    ],
)
def test_a_wrong_argument_is_named(engine, n_threads, error, message):
    with pytest.raises(error) as caught:
        fitnet.train(
            fitnet.Network.of_widths((1, 1)),
            [[1.0]],
            [[1.0]],
            epochs=1,
            generator=np.random.default_rng(0),
            engine=engine.name,
            n_threads=n_threads,
        )
    assert str(caught.value) == message


@pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")
def test_the_native_engine_takes_them(monkeypatch):
    assert choose("native").n_threads == usable_cores()
    assert choose("native", 3).n_threads == 3
    monkeypatch.setenv(VARIABLE, "5")
    assert choose("native").n_threads == 5


def test_the_reference_engine_says_what_numpy_uses():
    assert choose("reference", 7).n_threads >= 1
