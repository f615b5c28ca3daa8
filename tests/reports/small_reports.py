"""What the tests of reports share: small models, rows for them, and a report opened in a browser."""

import numpy as np

import fitnet
from fitnet import Model, Network, Scaling

HOSTILE = (
    "<script>window.executed = 1</script>",
    "\"><img src=x onerror='window.executed = 2'>",
    "</title></style></script><b>",
    "{{ 7 * 7 }} {% raw %}",
    "\N{GRINNING FACE} \N{MICRO SIGN}m",
    "\N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET}\N{RIGHT-TO-LEFT OVERRIDE}abc",
    "long " * 60,
    "\N{LINE SEPARATOR}line\u2029",
)


def small_model(generator, names=("a", "b", "c"), targets=("y",), units=None):
    """A network of some ten neurons with these columns."""
    network = Network.of_widths((len(names), 6, len(targets)), "tanh")
    return Model(
        network,
        generator.normal(size=network.n_parameters),
        input_names=names,
        output_names=targets,
        units=units or {},
        input_scaling=Scaling(np.zeros(len(names)), np.ones(len(names))),
        target_scaling=Scaling(np.full(len(targets), 10.0), np.full(len(targets), 3.0)),
        input_ranges=np.array([[-2.0] * len(names), [2.0] * len(names)]),
    )


def rows_for(model, generator, n=60, noise=0.3):
    """X (n, p) and targets (n, m) around the model's own predictions."""
    X = generator.normal(size=(n, len(model.given_names)))
    return X, model.predict(X) + generator.normal(scale=noise, size=(n, len(model.output_names)))


def small_report(generator, **options):
    """A report on such a model and rows."""
    model = small_model(generator, **options)
    return fitnet.report(model, *rows_for(model, generator))


def opened(page, report, folder, name="report.html"):
    """The report's file in the browser, once its script is through."""
    path = folder / name
    report.save(path)
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]")
    return page
