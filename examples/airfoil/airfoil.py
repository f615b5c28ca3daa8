"""How loud is an airfoil? It depends on what is asked: another frequency, another measurement, or another airfoil.

1,498 sound pressure levels at frequencies from 200 Hz to 20 kHz: 106 spectra of airfoils that differ in chord, angle of
attack and wind speed. An ensemble is judged three times by levels that its members did not see: single ones kept out,
whole spectra, and all spectra of an airfoil at one angle.

Run: python airfoil.py
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import LogLocator
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from fitnet import AutoRegressor

TABLE = Path(__file__).with_name("airfoil.csv")
columns = np.loadtxt(TABLE, delimiter=",", skiprows=2)  # names and units
X, level = columns[:, :-1], columns[:, -1]  # frequency, angle, chord, speed, thickness; dB


def same(*names):
    """(n,): a number for every combination of values in these columns."""
    return np.unique(X[:, names], axis=0, return_inverse=True)[1]


def root_mean_square(errors):
    """RMSE of these errors."""
    return np.sqrt(np.mean(np.square(errors)))


asked = {
    "another frequency\nof a measured spectrum": np.arange(len(X)),
    "another spectrum\nof a measured airfoil": same(1, 2, 3, 4),
    "another airfoil,\nor another angle": same(1, 2),
}
errors, lines = [], []
for question, groups in asked.items():
    ensemble = AutoRegressor("fast", random_state=0).fit(X, level, groups=groups)
    line = cross_val_predict(LinearRegression(), X, level, groups=groups, cv=GroupKFold(5))
    errors.append(root_mean_square(ensemble.oof_prediction_ - level))
    lines.append(root_mean_square(line - level))
    print(f"{' '.join(question.split())}: RMSE {errors[-1]:.2f} dB, a straight line {lines[-1]:.2f} dB")

spectrum = same(1, 2, 3, 4)
kept_out = np.random.default_rng(0).choice(spectrum.max() + 1, 20, replace=False)
unseen = np.isin(spectrum, kept_out)
ensemble = AutoRegressor("fast", random_state=0).fit(X[~unseen], level[~unseen], groups=spectrum[~unseen])
ends = ensemble.predict_interval(X[unseen], coverage=0.9)
held = (ends[:, 0] <= level[unseen]) & (level[unseen] <= ends[:, 1])
print(f"20 spectra kept out: {held.mean():.0%} of {held.size} levels lie in the intervals that are to hold 90 %")

plt.style.use("seaborn-v0_8-colorblind")
figure, (bars, *spectra) = plt.subplots(1, 3, figsize=(11, 3.8), width_ratios=[1.3, 1, 1], layout="constrained")
places = np.arange(len(asked))
for shift, rmse, colour, name in ((-0.2, errors, "C0", "ensemble"), (0.2, lines, "0.4", "straight line")):
    bars.bar_label(bars.barh(places + shift, rmse, 0.36, color=colour), fmt=" {:.1f}")
    bars.text(0.1, 2 + shift, name, color="white", va="center")
bars.set_yticks(places, list(asked))
bars.invert_yaxis()
bars.set(xlabel="RMSE of levels not seen [dB]", title="It depends on what is asked", xlim=(0, 5.6))
for axes, number in zip(spectra, kept_out, strict=False):
    rows = np.flatnonzero(spectrum == number)
    rows = rows[np.argsort(X[rows, 0])]
    curve = np.repeat(X[rows[:1]], 200, axis=0)
    curve[:, 0] = np.geomspace(X[rows[0], 0], X[rows[-1], 0], 200)
    lower, upper = ensemble.predict_interval(curve, coverage=0.9).T
    axes.fill_between(curve[:, 0], lower, upper, alpha=0.25, linewidth=0, label="90 % interval")
    axes.semilogx(curve[:, 0], ensemble.predict(curve), label="prediction")
    axes.plot(X[rows, 0], level[rows], "o", color="C2", markersize=4, label="measured")
    _, angle, chord, speed, _ = X[rows[0]]
    axes.set(xlabel="frequency [Hz]", ylabel="level [dB]", title=f"{chord * 100:.0f} cm, {angle:g}°, {speed:g} m/s")
    axes.minorticks_off()
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter("{x:g}")
spectra[0].legend(fontsize="small")
figure.savefig("airfoil.png", dpi=90)
