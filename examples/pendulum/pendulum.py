"""Find g in films of a pendulum: the exact second derivative of a network is the acceleration.

Five films of eight seconds, 60 pictures a second, show the angle with an error of 0.01 rad; here the equation of motion
makes them, so that the answer is known. A network is fitted to each film, and gravity and damping are those with which
its accelerations obey the law of motion.

Run: python pendulum.py
"""

import matplotlib.pyplot as plt
import numpy as np
from scipy.integrate import solve_ivp

from fitnet import Regressor

GRAVITY, LENGTH, DAMPING = 9.81, 0.8, 0.05  # m/s^2, m, 1/s
NOISE = 0.01  # rad
STARTS = (0.5, 1.0, 1.5, 2.0, 2.5)  # rad
times = np.arange(0, 8, 1 / 60)
inner = slice(20, -20)  # at the ends of a film derivatives are known less well


def film(start, generator):
    """The angle in each picture, released at rest from `start`, with the camera's error."""
    swing = solve_ivp(
        lambda _, state: [state[1], -GRAVITY / LENGTH * np.sin(state[0]) - DAMPING * state[1]],
        (times[0], times[-1]),
        [start, 0.0],
        t_eval=times,
        rtol=1e-9,
    )
    return swing.y[0] + generator.normal(0, NOISE, len(times))


def by_network(angles):
    """Angle, speed and acceleration of a network through the noisy angles."""
    t = times[:, np.newaxis]
    network = Regressor(24, activation="tanh", solver="lm", random_state=0).fit(t, angles)
    return network.predict(t)[inner], network.jacobian(t)[inner, 0], network.hessian(t)[inner, 0, 0]


def by_differences(angles):
    """The same by differences between neighbouring pictures."""
    speed = np.gradient(angles, times)
    return angles[inner], speed[inner], np.gradient(speed, times)[inner]


def law(angle, speed, acceleration):
    """Gravity and damping, by least squares, in: acceleration = -gravity / length sin(angle) - damping speed."""
    return np.linalg.lstsq(np.column_stack([-np.sin(angle) / LENGTH, -speed]), acceleration, rcond=None)[0]


def mean_and_error(values):
    """The mean over films and its standard error."""
    return np.mean(values, axis=0), np.std(values, axis=0, ddof=1) / np.sqrt(len(values))


generator = np.random.default_rng(0)
films = [film(start, generator) for start in STARTS]
learned, differences = [by_network(each) for each in films], [by_differences(each) for each in films]
for name, motions in (("networks", learned), ("finite differences", differences)):
    (gravity, damping), errors = mean_and_error([law(*motion) for motion in motions])
    print(f"g by {name}: {gravity:.3f} +- {errors[0]:.3f} m/s^2, damping {damping:.3f} +- {errors[1]:.3f} 1/s")
(gravity, damping), _ = mean_and_error([law(*motion) for motion in learned])

plt.style.use("seaborn-v0_8-colorblind")
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
for number, start in ((4, STARTS[4]), (1, STARTS[1])):
    left.plot(times, films[number], ".", markersize=2, color="0.6")
    left.plot(times[inner], learned[number][0], label=f"released at {start} rad")
left.set(
    xlabel="time [s]", ylabel="angle [rad]", title="Two of five films, and networks through them", ylim=(-2.7, 3.8)
)
left.legend(loc="upper right", ncols=2)
for (angle, _, second), colour, label in (
    (differences[4], "0.75", "finite differences"),
    (learned[4], "C0", "the network's second derivative"),
):
    right.plot(angle, second, ".", markersize=3, color=colour, label=label)
line = np.linspace(-2.5, 2.5, 200)
right.plot(line, -gravity / LENGTH * np.sin(line), "C2", label=f"gravity alone, g = {gravity:.2f} m/s²")
right.set(xlabel="angle [rad]", ylabel="acceleration [rad/s²]", title="The law of motion", ylim=(-45, 60))
right.legend(loc="upper right", markerscale=3)
figure.savefig("pendulum.png", dpi=90)
