"""What a screen would obey instead of showing it is shown escaped, wherever a name comes from."""

import numpy as np
import pytest

from fitnet import Model, Network
from fitnet.cli.output import all_escaped, escaped

RED = "\x1b[31mred\x1b]0;owned\x07"
SHOWN = r"\x1b[31mred\x1b]0;owned\x07"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text", "plain text"),
        ("β in µm", "β in µm"),
        ("C:\\new", "C:\\new"),
        ("thin\u2009space", "thin\u2009space"),
        (RED, SHOWN),
        ("two\nlines", r"two\nlines"),
        ("\u202eesrever", r"\u202eesrever"),
        ("\x9b31m", r"\x9b31m"),
        ("not UTF-8: \udcff", r"not UTF-8: \udcff"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_escapes(text, shown):
    assert escaped(text) == shown


def test_everything_in_the_facts_is_escaped():
    facts = {RED: [RED, 1, None, (RED, 2.5)], "shape": (2, 3), "rows": {"kept": True}}
    assert all_escaped(facts) == {SHOWN: [SHOWN, 1, None, (SHOWN, 2.5)], "shape": (2, 3), "rows": {"kept": True}}


@pytest.fixture
def red_model(tmp_path, monkeypatch):
    """A model whose names, units and provenance would recolour the screen."""
    monkeypatch.chdir(tmp_path)
    network = Network.of_widths((1, 2, 1))
    parameters = network.initial_parameters(np.random.default_rng(0))
    names = {"input_names": [f"in {RED}"], "output_names": [f"out {RED}"]}
    ranges = np.array([[0.0], [1.0]])
    Model(network, parameters, **names, input_ranges=ranges, provenance={RED: {"by": RED}}).save(f"{RED}.fitnet")
    (tmp_path / "t.csv").write_text(f"in {RED}\tout {RED}\n0.5\t1\n2.5\t1\n")
    return f"{RED}.fitnet"


@pytest.mark.parametrize(
    ("command", "where"),
    [
        ("inspect", "out"),
        ("verify", "out"),
        ("evaluate t.csv", "out"),
        ("evaluate t.csv", "err"),
        ("predict t.csv", "err"),
        ("evaluate u.csv", "err"),
        ("predict u.csv", "err"),
        ("predict t.csv --out \x1bgone/p.csv", "err"),
    ],
)
def test_no_command_prints_an_escape_sequence(red_model, fitnet, command, where):
    with open("u.csv", "w", encoding="utf-8") as other:  # noqa: PTH123
        other.write(f"{RED}\tb\n1\t2\n")
    word, *others = command.split()
    answer = fitnet(word, red_model, *others)
    assert r"\x1b" in getattr(answer, where)
    assert not any(mark in answer.out + answer.err for mark in "\x1b\x07")


def test_names_typed_wrongly_are_escaped(fitnet):
    for arguments in ((RED,), (f"--{RED}",), ("inspect", f"{RED}.fitnet"), ("fit", "t.csv", "--target", RED)):
        answer = fitnet(*arguments)
        assert answer.code == 2
        assert r"\x1b[31mred" in answer.err or "t.csv" in answer.err
        assert "\x1b" not in answer.err
