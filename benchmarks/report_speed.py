"""How long a page of a report takes to draw curves: 8 inputs at 25 points each, of an ensemble of 50 members of 64-64.

Run: python -m benchmarks.report_speed
"""

import json
import shutil

import numpy as np
from playwright.sync_api import sync_playwright

from fitnet import CrossConformal, Ensemble, Model, Network, Scaling
from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.reports.live_model import live_model
from fitnet.reports.page import definitions

INPUTS, POINTS, MEMBERS, HIDDEN = 8, 25, 50, (64, 64)
REPEATS = 25
ASKED = """(held) => {
  const started = performance.now(), live = new LiveModel(held), made = performance.now() - started;
  const curves = new Float64Array(8 * 25 * 8).map((_, i) => {
    const row = Math.floor(i / 8), curve = Math.floor(row / 25), column = i % 8;
    return column === curve ? row % 25 / 12 - 1 : 0.1 * column - 0.4;
  });
  const median = (asked) => {
    const times = Array.from({length: REPEATS}, () => {
      const before = performance.now();
      asked();
      return performance.now() - before;
    });
    return [times[0], times.sort((a, b) => a - b)[REPEATS >> 1]];
  };
  const point = curves.slice(0, 8);
  return [made, ...median(() => live.predict(point, 1)), ...median(() => live.jacobian(point)),
    ...median(() => live.predict(curves, 200)), ...median(() => live.interval(curves, 200, 0.9))];
}""".replace("REPEATS", str(REPEATS))


def ensemble(activation: str, pieces: int = 0) -> Ensemble:
    """50 members with random parameters, their inputs scaled or cut into so many pieces."""
    generator = np.random.default_rng(0)
    scaling, encoding = Scaling(np.zeros(INPUTS), np.full(INPUTS, 0.6)), None
    if pieces:
        encoding = PiecewiseLinear([np.linspace(-1, 1, pieces + 1)] * INPUTS)
    network = Network.of_widths((INPUTS * (1 + pieces), *HIDDEN, 1), activation)
    members = [
        Model(network, network.initial_parameters(generator), input_scaling=scaling, encoding=encoding)
        for _ in range(MEMBERS)
    ]
    folds = np.arange(MEMBERS) % 10
    residuals = generator.normal(size=(400, 1))
    spreads = np.abs(residuals) + 0.1
    conformal = CrossConformal.of(residuals, np.arange(400) % 10, spreads)
    return Ensemble(members, folds=folds.tolist(), conformal=conformal)


def main() -> None:
    """Print a line an ensemble: milliseconds to make it, then first and median of a point, its slopes, and curves."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    print("milliseconds, first and median: making it; a point; its slopes; curves; curves with intervals")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for activation, pieces in (("relu", 0), ("tanh", 0), ("silu", 0), ("gelu", 0), ("relu", 48)):
            held = live_model(ensemble(activation, pieces), 10**9)
            page = browser.new_page()
            page.set_content(f"<script>{definitions()}</script>")
            times = page.evaluate(ASKED, json.loads(json.dumps(held)))
            page.close()
            print(f"{activation:>5}, {pieces:2} pieces:", *(f"{each:8.2f}" for each in times))
        browser.close()


if __name__ == "__main__":
    main()
