"""Emulate the distances of supernovae, and sample the posterior of dark energy with the emulator.

In a flat universe whose dark energy has the equation of state w, the distance at redshift z is an integral over
H(z) / H0 = sqrt(Om (1 + z)^3 + (1 - Om) (1 + z)^(3 (1 + w))). A network learns the distance moduli at 40 redshifts from
400 universes and takes the integral's place in a sampler. The integral's own posterior shows how far off it is.

Run: python emulator.py
"""

import time

import matplotlib.pyplot as plt
import numpy as np

from fitnet import Regressor

LIGHT = 299792.458  # km/s
NAMES, LOWER, UPPER = ("Om", "w", "h"), np.array([0.1, -1.6, 0.6]), np.array([0.5, -0.4, 0.8])
TRUTH, ERROR = np.array([0.3, -1.0, 0.7]), 0.02  # of each modulus, mag
RANGE = ((0.17, 0.34), (-1.25, -0.65))  # of the picture
redshifts = np.linspace(0.02, 1.5, 40)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)


def moduli(universes):
    """The distance moduli [mag] (n, 40) of universes (n, 3), by Gauss's quadrature."""
    Om, w, h = universes.T[:, :, np.newaxis, np.newaxis]
    z = redshifts[:, np.newaxis] * (1 + NODES) / 2
    expansion = np.sqrt(Om * (1 + z) ** 3 + (1 - Om) * (1 + z) ** (3 * (1 + w)))
    distance = (1 + redshifts) * redshifts * LIGHT / (100 * h[:, :, 0]) * np.sum(WEIGHTS / 2 / expansion, axis=-1)
    return 5 * np.log10(distance) + 25


def log_posterior(universes, model, measured):
    """Up to a constant, (n,): normal errors, and a prior that is flat where the emulator learned."""
    within = np.all((universes > LOWER) & (universes < UPPER), axis=1)
    chi2 = np.sum(((model(np.clip(universes, LOWER, UPPER)) - measured) / ERROR) ** 2, axis=1)
    return np.where(within, -chi2 / 2, -np.inf)


def sample(model, measured, generator, walkers=80, steps=3000, burn_in=500):
    """(n, 3): the stretch move of Goodman and Weare (2010), for half the walkers at a time."""
    places = TRUTH + generator.normal(0, 0.005, (walkers, 3))
    heights, halves, kept = log_posterior(places, model, measured), np.split(np.arange(walkers), 2), []
    for step in range(steps):
        for moved, others in (halves, halves[::-1]):
            stretch = (1 + generator.uniform(size=(len(moved), 1))) ** 2 / 2  # from 1/2 to 2, as z^(-1/2)
            partners = places[generator.choice(others, len(moved))]
            proposed = partners + stretch * (places[moved] - partners)
            proposed_heights = log_posterior(proposed, model, measured)
            gain = 2 * np.log(stretch[:, 0]) + proposed_heights - heights[moved]
            taken = moved[np.log(generator.uniform(size=len(moved))) < gain]
            chosen = np.isin(moved, taken)
            places[taken], heights[taken] = proposed[chosen], proposed_heights[chosen]
        if step >= burn_in:
            kept.append(places.copy())
    return np.concatenate(kept)


generator = np.random.default_rng(0)
universes, unseen = generator.uniform(LOWER, UPPER, (400, 3)), generator.uniform(LOWER, UPPER, (2000, 3))
emulator = Regressor((12, 12), activation="tanh", solver="lm", max_epochs=150, error_bars=False, random_state=0)
emulator.fit(universes, moduli(universes))
errors = np.abs(emulator.predict(unseen) - moduli(unseen))
print(f"2,000 unseen universes: median error {np.median(errors) * 1e3:.3f} mmag, largest {errors.max() * 1e3:.2f} mmag")

measured = moduli(TRUTH[np.newaxis])[0] + generator.normal(0, ERROR, len(redshifts))
samples, seconds = {}, {}
for name, model in (("emulator", emulator.model_.predict), ("integral", moduli)):
    begun = time.perf_counter()
    samples[name] = sample(model, measured, np.random.default_rng(1))
    seconds[name] = time.perf_counter() - begun
means, stds = ({name: of(each, axis=0) for name, each in samples.items()} for of in (np.mean, np.std))
apart = np.max(np.abs(means["emulator"] - means["integral"]) / stds["integral"])
for i, name in enumerate(NAMES):
    print(f"{name} = {means['emulator'][i]:.3f} +- {stds['emulator'][i]:.3f} ({TRUTH[i]} was put in)")
print(f"means by emulator and integral: {apart:.3f} standard deviations apart at most")
print(f"sampling took {seconds['emulator']:.1f} s, by the integral {seconds['integral']:.1f} s")

slopes = emulator.jacobian(TRUTH[np.newaxis])[0]  # exact, (40, 3)
fisher = ERROR**2 * np.linalg.inv(slopes.T @ slopes)  # the covariance that Fisher's information promises
print("standard deviations by the exact derivatives alone:", *np.sqrt(np.diag(fisher)).round(3))

plt.style.use("seaborn-v0_8-colorblind")
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
for label, share, style in (("largest", 1.0, ":"), ("95 % are below", 0.95, "--"), ("median", 0.5, "-")):
    left.semilogy(redshifts, np.quantile(1e3 * errors, share, axis=0), f"C0{style}", label=label)
left.set(xlabel="redshift", ylabel="error of the modulus [mmag]", title="How far off the emulator is", ylim=(0.01, 10))
left.legend()
for name, colour, style in (("integral", "0.4", "solid"), ("emulator", "C2", "dashed")):
    density, x, y = np.histogram2d(*samples[name][:, :2].T, bins=50, range=RANGE)
    heights = np.sort(density.ravel())[::-1]
    levels = [heights[np.searchsorted(np.cumsum(heights), share * heights.sum())] for share in (0.95, 0.68)]
    x, y = (x[1:] + x[:-1]) / 2, (y[1:] + y[:-1]) / 2
    right.contour(x, y, density.T, levels, colors=colour, linestyles=style)
    right.plot([], [], color=colour, linestyle=style, label=f"posterior by the {name}, 68 and 95 %")
right.plot(*TRUTH[:2], "k+", markersize=10, label="what was put in")
right.set(xlabel=r"$\Omega_m$", ylabel="w", title="Dark energy", xlim=RANGE[0], ylim=RANGE[1])
right.legend(loc="lower left")
figure.savefig("emulator.png", dpi=90)
