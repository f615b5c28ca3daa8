"""The state of a random generator: out and back it gives the same draws, and a state that is none is refused."""

import json

import numpy as np
import pytest

from fitnet.training.generator_state import BIT_GENERATORS, generator_from, generator_state

NO_STATE = (ValueError, TypeError, KeyError, IndexError, OverflowError)


@pytest.mark.parametrize("kind", BIT_GENERATORS.values())
@pytest.mark.parametrize("draws", [0, 1, 7, 700])
def test_same_draws_follow(kind, draws):
    generator = np.random.Generator(kind(5))
    generator.integers(0, 9, draws, dtype=np.uint32)  # an odd number leaves half a draw behind
    again = generator_from(json.loads(json.dumps(generator_state(generator))))
    assert np.array_equal(again.permutation(1000), generator.permutation(1000))
    assert np.array_equal(again.normal(size=1000), generator.normal(size=1000))


def test_taking_the_state_draws_nothing():
    generator = np.random.default_rng(0)
    generator_state(generator)
    assert generator.bit_generator.state == np.random.default_rng(0).bit_generator.state


@pytest.mark.parametrize("position", [-1, 625, 10**6, 2**40])
def test_position_beyond_the_buffer_is_refused(position):
    state = generator_state(np.random.Generator(np.random.MT19937(0)))
    state["state"]["pos"] = position
    with pytest.raises(NO_STATE):
        generator_from(state)
    state = generator_state(np.random.Generator(np.random.Philox(0)))
    state["buffer_pos"] = position
    with pytest.raises(NO_STATE):
        generator_from(state)


@pytest.mark.parametrize("kind", BIT_GENERATORS)
@pytest.mark.parametrize("value", [None, "text", -1, 2**200, 1.5, [], [1] * 3, {}])
def test_state_that_is_none_is_refused(kind, value):
    whole = generator_state(np.random.Generator(BIT_GENERATORS[kind](0)))
    for name in whole:
        with pytest.raises(NO_STATE):
            generator_from(whole | {name: value})
    for name in whole["state"]:
        with pytest.raises(NO_STATE):
            generator_from(whole | {"state": whole["state"] | {name: value}})


@pytest.mark.parametrize("state", [None, [], "PCG64", 3, {"bit_generator": "PCG64"}, {"bit_generator": "SystemRandom"}])
def test_what_is_no_state_is_refused(state):
    with pytest.raises(NO_STATE):
        generator_from(state)
