"""Names of columns of answers: a unit stays at the end, and derivatives have one where both parts do."""

import pytest

from fitnet.model.answer_names import derivative_name, named_beside

NAMES = [
    ("y", "y_lower"),
    ("energy [keV]", "energy_lower [keV]"),
    ("energy[keV]", "energy_lower[keV]"),
    ("energy (keV)", "energy_lower (keV)"),
    ("heat  (J/(kg K))", "heat_lower  (J/(kg K))"),
    ("share [1]", "share_lower [1]"),
    ("a b [m s^-1]", "a b_lower [m s^-1]"),
    ("f(x)", "f(x)_lower"),  # no unit
    ("x[0]", "x[0]_lower"),
    ("[keV]", "[keV]_lower"),
    ("[keV] energy", "[keV] energy_lower"),
    ("y []", "y []_lower"),
    ("y [a] [b]", "y [a]_lower [b]"),
]
DERIVATIVES = [
    ("y", "x", {}, "d(y)/d(x)"),
    ("energy [keV]", "T [K]", {}, "d(energy)/d(T) [keV/K]"),
    ("energy [keV]", "x", {}, "d(energy [keV])/d(x)"),
    ("y", "T (K)", {}, "d(y)/d(T (K))"),
    ("y", "T", {"y": "W", "T": "K"}, "d(y)/d(T) [W/K]"),
    ("y", "T [K]", {"y": "W"}, "d(y)/d(T) [W/K]"),
    ("y", "v", {"y": "J/kg", "v": "m/s"}, "d(y)/d(v) [J/kg/(m/s)]"),
    ("y", "v", {"y": "J", "v": "m s"}, "d(y)/d(v) [J/(m s)]"),
    ("y", "v", {"y": "J", "v": "m²"}, "d(y)/d(v) [J/m²]"),
    ("y", "v", {"y": "J", "v": "%"}, "d(y)/d(v) [J/%]"),
    ("y [1]", "x [m]", {}, "d(y)/d(x) [1/m]"),
    ("y [m]", "x [-]", {}, "d(y)/d(x) [m]"),
    ("p(red)", "x [m]", {}, "d(p(red))/d(x [m])"),
]


@pytest.mark.parametrize(("name", "beside"), NAMES)
def test_what_is_added_stands_before_the_unit(name, beside):
    assert named_beside(name, "_lower") == beside


@pytest.mark.parametrize(("output", "given", "units", "name"), DERIVATIVES)
def test_names_of_derivatives(output, given, units, name):
    assert derivative_name(output, given, units) == name
