"""What the tests of the live model share: a page that holds the model alone, and what it answers."""

import json

import numpy as np

from fitnet.reports.live_model import live_model
from fitnet.reports.page import definitions

ROWS_OF_X = "Array.from({length: n}, (_, i) => X.slice(i * live.p, (i + 1) * live.p))"


class LivePage:
    """A page in which a model runs, asked from Python; X (n, p) are completed rows."""

    def __init__(self, page, folder, model, **options):
        self.page, self.held = page, live_model(model, **options)
        text = json.dumps(self.held, allow_nan=False).replace("<", "\\u003c")
        run = "window.live = new LiveModel(JSON.parse(document.getElementById('model').textContent));"
        path = folder / "live.html"
        path.write_text(
            "<!doctype html><meta charset=utf-8><title>live</title>"
            f'<script type="application/json" id="model">{text}</script><script>{{{definitions()}\n{run}}}</script>',
            encoding="utf-8",
        )
        page.goto(path.as_uri())

    def ask(self, expression, X=None, **more):
        """What a script's expression gives, in which X is a Float64Array, n and p its shape, live the model."""
        given = {"X": None, "n": 0} if X is None else {"X": np.ravel(X).tolist(), "n": len(X)}
        program = f"(given) => {{ const X = given.X && Float64Array.from(given.X), n = given.n; return {expression}; }}"
        return self.page.evaluate(program, given | more)

    def predict(self, X):
        """(n, m)."""
        return np.array(self.ask("Array.from(live.predict(X, n))", X)).reshape(len(X), -1)

    def jacobian(self, X):
        """(n, m, p)."""
        expression = (
            "Array.from({length: n}, (_, i) => Array.from(live.jacobian(X.slice(i * live.p, (i + 1) * live.p)).slopes))"
        )
        return np.array(self.ask(expression, X)).reshape(len(X), -1, np.shape(X)[1])

    def interval(self, X, coverage):
        """(n, m, 2), and the predictions (n, m)."""
        expression = "Object.values(live.interval(X, n, given.coverage)).map((each) => Array.from(each))"
        y, lower, upper = (np.reshape(each, (len(X), -1)) for each in self.ask(expression, X, coverage=coverage))
        return np.stack([lower, upper], axis=-1), y

    def by_row(self, method, X):
        """(n,): what a method gives for every row."""
        return np.array(self.ask(f"{ROWS_OF_X}.map((x) => live.{method}(x))", X))
