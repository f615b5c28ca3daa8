"""What the tests of the profiler and of the contour share: a page that holds a model, rows, and these two alone."""

import json

import numpy as np

from fitnet.reports.arrays import held
from fitnet.reports.live_model import live_model
from fitnet.reports.page import definitions, style_text

START = """
const report = JSON.parse(document.getElementById("payload").textContent);
report.live = new LiveModel(report.model);
const profiler = startProfiler(document.getElementById("profiler"), report);
const contour = startContour(document.getElementById("contour"), report);
window.fitnet = { report, live: report.live, point: report.point, profiler, contour };
"""


def shown(text):
    """A text of numbers as the page writes it."""
    return text.replace("-", "\N{MINUS SIGN}")


def profiler_html(model, X=None, Y=None, importance=(), **options):
    """The page as text: completed rows X (n, p) and targets Y (n, m), `importance` names in order."""
    rows = None if X is None else {"inputs": held(X), "targets": held(np.reshape(Y, (len(X), -1)))}
    increases = [{"input": name, "increase": 1 / (k + 1), "deviation": 0.0} for k, name in enumerate(importance)]
    payload = {
        "model": live_model(model, rows=X, **options),
        "rows": rows,
        "facts": {"targets": [{"importance": increases}]},
    }
    text = json.dumps(payload, allow_nan=False).replace("<", "\\u003c")
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>profiler</title><style>{style_text()} body {{ padding: 1rem }}</style>"
        '<h1>Profiler</h1><section><h2>Profiler</h2><h3>Inputs</h3><div id="profiler"></div></section>'
        '<section><h2>Contour</h2><div id="contour"></div></section>'
        f'<script type="application/json" id="payload">{text}</script>'
        f"<script>(function () {{\n{definitions()}\n{START}}})();</script>"
    )


class ProfilerPage:
    """The page opened in a browser, with what a user does and sees."""

    def __init__(self, page, folder, model, X=None, Y=None, **options):
        self.page = page
        path = folder / "profiler.html"
        path.write_text(profiler_html(model, X, Y, **options), encoding="utf-8")
        page.goto(path.as_uri())
        self.settle()

    def settle(self):
        """Wait until everything is drawn for the settings as they are."""
        self.page.evaluate("requestAnimationFrame(() => requestAnimationFrame(() => (fitnet.waited = true)))")
        self.page.wait_for_function("fitnet.waited && fitnet.profiler.container.dataset.drawn === 'fine'")
        self.page.evaluate("fitnet.waited = false")

    def set(self, settings):
        self.page.evaluate("(settings) => fitnet.point.setAll(settings)", settings)
        self.settle()

    def move(self, label, value):
        """Move the slider of this name to a value."""
        slider = self.page.get_by_role("slider", name=label, exact=True)
        slider.evaluate("(node, value) => { node.value = value; node.dispatchEvent(new Event('input')); }", value)
        self.settle()

    def type(self, label, text):
        """Write into the field of this name."""
        self.page.get_by_label(label, exact=True).fill(text)
        self.settle()

    def card(self, name):
        """What belongs to one input."""
        return self.page.locator(f'.input-card[aria-label="{name}"]')

    def path(self, name, kind, place=0):
        """A drawing's path in the small plot of an input."""
        return self.card(name).locator(f"path.{kind}").nth(place).get_attribute("d") or ""

    def curve(self, name, place=0):
        """Where the curve of an input was computed, and its values: two arrays."""
        found = self.page.evaluate(
            "([name, k]) => fitnet.profiler.cards.filter(({input}) => input.name === name)"
            ".map(({xs, values}) => [xs, values[k].y])[0]",
            [name, place],
        )
        return np.array(found[0]), np.array(found[1])

    def state(self, part):
        """A part of what the profiler knows of the current point, as an array."""
        return np.array(self.page.evaluate("(part) => Array.from(fitnet.profiler.state[part])", part))

    def settings(self):
        """Of the current point, one number an input."""
        return self.page.evaluate("fitnet.point.settings")

    def value(self, name):
        """The number that stands large beside an output's name."""
        outcome = self.page.locator(".prediction .outcome").filter(has=self.page.get_by_text(name, exact=True))
        return float(outcome.locator(".number-large").text_content().replace("\N{MINUS SIGN}", "-").replace(",", ""))
