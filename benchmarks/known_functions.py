"""Functions that everyone can compute, to learn from points and be judged on others: y = f(x) for x in a box.

Shapes: x (n, p) -> y (n,), float64. Inputs are uniform in the box, and points are drawn in the unit box and scaled up.
Borehole, OTL circuit and robot arm have the ranges that Surjanovic and Bingham give in the Virtual Library of
Simulation Experiments, Simon Fraser University, www.sfu.ca/~ssurjano.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class KnownFunction:
    """A function and where it is asked for.

    Parameters
    ----------
    name
        What it is called on the command line.
    bounds
        Lowest and highest value of each input, in the order of the columns.
    value
        The function, x (n, p) -> (n,).
    """

    name: str
    bounds: tuple[tuple[float, float], ...]
    value: Callable[[Array], Array]

    @property
    def inputs(self) -> int:
        """p."""
        return len(self.bounds)

    def from_unit_box(self, U: Array) -> Array:
        """The points of the box for U (n, p) in the unit box."""
        low, high = np.array(self.bounds).T
        return low + (high - low) * U


def borehole(x: Array) -> Array:
    """Water through a borehole between two aquifers, m^3 a year.

    Inputs: radius of the borehole and of its influence (m), transmissivity (m^2 a year) and head (m) of the upper
    aquifer, the same of the lower one, length of the borehole (m), its hydraulic conductivity (m a year).

    Harper and Gupta (1983), BMI/ONWI-516; Morris, Mitchell and Ylvisaker (1993), Technometrics 35, 243-255.
    """
    radius, influence, upper, upper_head, lower, lower_head, length, conductivity = x.T
    log_ratio = np.log(influence / radius)
    resistance = 1 + 2 * length * upper / (log_ratio * radius**2 * conductivity) + upper / lower
    return 2 * np.pi * upper * (upper_head - lower_head) / (log_ratio * resistance)


def otl_circuit(x: Array) -> Array:
    """Midpoint voltage of an output-transformerless push-pull circuit, volts.

    Inputs: resistances b1, b2, f, c1, c2 (kilo-ohm) and the current gain.

    Ben-Ari and Steinberg (2007), Quality Engineering 19, 327-338.
    """
    b1, b2, f, c1, c2, gain = x.T
    base_voltage = 12 * b2 / (b1 + b2)
    reflected = gain * (c2 + 9)
    return ((base_voltage + 0.74) * reflected + 11.35 * f + 0.74 * f * reflected / c1) / (reflected + f)


def robot_arm(x: Array) -> Array:
    """Distance from the shoulder of a plane arm of four segments to its end.

    Inputs: four angles, each from the segment before (radian), and four lengths.

    An and Owen (2001), Journal of Complexity 17, 588-607.
    """
    directions = np.cumsum(x[:, :4], axis=1)
    lengths = x[:, 4:]
    return np.hypot((lengths * np.cos(directions)).sum(axis=1), (lengths * np.sin(directions)).sum(axis=1))


def friedman1(x: Array) -> Array:
    """Of ten inputs five count. Friedman (1991), Annals of Statistics 19, 1-67; Breiman (1996), Machine Learning 24."""
    return 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]


def friedman2(x: Array) -> Array:
    """Impedance of an alternating-current circuit (ohm) with resistance, angular frequency, inductance, capacitance.

    Source as `friedman1`.
    """
    resistance, _, _, _ = x.T
    return np.hypot(resistance, reactance(x))


def friedman3(x: Array) -> Array:
    """Phase angle of the circuit of `friedman2` (radian)."""
    resistance, _, _, _ = x.T
    return np.arctan(reactance(x) / resistance)


def reactance(x: Array) -> Array:
    """Of coil and capacitor in series. The published formula has 1 / (frequency capacitance), units left aside."""
    _, frequency, inductance, capacitance = x.T
    return frequency * inductance - 1 / (frequency * capacitance)


def ishigami(x: Array, a: float = 7.0, b: float = 0.1) -> Array:
    """sin x1 + a sin^2 x2 + b x3^4 sin x1. Ishigami and Homma (1990), ISUMA '90, 398-403; a, b: Saltelli (2000)."""
    return np.sin(x[:, 0]) * (1 + b * x[:, 2] ** 4) + a * np.sin(x[:, 1]) ** 2


CIRCUIT = ((0.0, 100.0), (40 * np.pi, 560 * np.pi), (0.0, 1.0), (1.0, 11.0))
FUNCTIONS = {
    function.name: function
    for function in (
        KnownFunction(
            "borehole",
            (
                (0.05, 0.15),
                (100.0, 50_000.0),
                (63_070.0, 115_600.0),
                (990.0, 1110.0),
                (63.1, 116.0),
                (700.0, 820.0),
                (1120.0, 1680.0),
                (9855.0, 12_045.0),
            ),
            borehole,
        ),
        KnownFunction(
            "otl-circuit",
            ((50.0, 150.0), (25.0, 70.0), (0.5, 3.0), (1.2, 2.5), (0.25, 1.2), (50.0, 300.0)),
            otl_circuit,
        ),
        KnownFunction("robot-arm", ((0.0, 2 * np.pi),) * 4 + ((0.0, 1.0),) * 4, robot_arm),
        KnownFunction("friedman-1", ((0.0, 1.0),) * 10, friedman1),
        KnownFunction("friedman-2", CIRCUIT, friedman2),
        KnownFunction("friedman-3", CIRCUIT, friedman3),
        KnownFunction("ishigami", ((-np.pi, np.pi),) * 3, ishigami),
    )
}
