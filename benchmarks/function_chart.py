"""The picture of the known functions: a panel each, error against seconds of fitting, both logarithmic.

Okabe and Ito's colours, which the colour-blind tell apart; fitnet's lines are thick and whole, the others dashed, and
every line has a marker of its own.
"""

from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from benchmarks.function_comparison import Curves
from benchmarks.known_functions import FUNCTIONS

STYLES = {
    "fitnet-lm": ("#000000", "o"),
    "fitnet-lm-bayesian": ("#0072B2", "s"),
    "fitnet-lbfgs": ("#56B4E9", "^"),
    "fitnet-adam": ("#009E73", "D"),
    "fitnet-auto": ("#999999", "p"),
    "scikit-learn-lbfgs": ("#E69F00", "v"),
    "scikit-learn-adam": ("#CC79A7", "<"),
    "scikit-learn-gp": ("#A6761D", "*"),
    "torch-adam": ("#D55E00", ">"),
    "torch-lm": ("#661100", "X"),
}
COLUMNS = 4


def function_chart(curves: Curves, subtitle: str) -> bytes:
    """The picture as PNG: a panel a function, and one legend in the cell that is left."""
    rows = -(-(len(curves) + 1) // COLUMNS)
    columns = min(COLUMNS, len(curves) + 1)
    figure = Figure(figsize=(0.5 + 3.6 * columns, 0.8 + 3.3 * rows), layout="constrained")
    cells = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, function in zip(cells, curves, strict=False):
        draw_panel(axes, curves, function)
    for axes in cells[len(curves) :]:
        axes.axis("off")
    peers = [peer for peer in STYLES if any(peer in of_peers for of_peers in curves.values())]
    handles = [cells[-1].plot([], [], label=peer, **style(peer))[0] for peer in peers]
    cells[-1].legend(handles=handles, loc="center", frameon=False, handlelength=3.5)
    figure.supxlabel("seconds of fitting")
    figure.supylabel("RMSE / SD on other points")
    figure.suptitle(f"Lower left is better; {subtitle}", x=0.01, ha="left", fontsize=11)
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=130)
    return buffer.getvalue()


def draw_panel(axes: Axes, curves: Curves, function: str) -> None:
    """One function's lines."""
    for peer, curve in curves[function].items():
        axes.plot([one.seconds for one in curve], [one.error for one in curve], **style(peer))
    axes.set(xscale="log", yscale="log")
    axes.set_title(f"{function}, {FUNCTIONS[function].inputs} inputs", loc="left", fontsize=10)
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)


def style(peer: str) -> dict[str, object]:
    """How a peer's line looks."""
    color, marker = STYLES[peer]
    own = peer.startswith("fitnet")
    return {
        "color": color,
        "marker": marker,
        "linestyle": "-" if own else "--",
        "linewidth": 2.2 if own else 1.2,
        "markersize": 6,
    }
