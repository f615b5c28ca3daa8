"""The picture of a run: how many times longer than fitnet each peer takes, beside what is asked.

Okabe and Ito's colours, told apart by the colour-blind, with hatching and names on the bars for grey print.
"""

from collections.abc import Sequence
from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from benchmarks.comparison import Ratio, Summary
from benchmarks.workloads import BEST_PEER

STYLES = {
    "jax": ("#0072B2", ""),
    "torch": ("#D55E00", "///"),
    "scikit-learn": ("#009E73", "..."),
    "onnxruntime": ("#CC79A7", "xxx"),
    "numpy": ("#F0E442", "\\\\\\"),
}
GAP = 0.8  # between workloads, in bars


def chart(summaries: Sequence[Summary], subtitle: str) -> bytes:
    """The picture as PNG: a group of bars a workload, a line at 1, a diamond at every asked ratio."""
    shown = [(summary, [ratio for ratio in summary.ratios if ratio.peer != BEST_PEER]) for summary in summaries]
    bars = sum(len(ratios) + GAP + 0.6 for _, ratios in shown)
    figure = Figure(figsize=(9, 1.6 + 0.27 * bars), layout="constrained")
    axes = figure.add_subplot()
    position = 0.0
    for summary, ratios in shown:
        place = {"transform": axes.get_yaxis_transform(), "va": "center", "zorder": 4}
        paper = {"facecolor": "white", "edgecolor": "none", "pad": 1}  # hides the line at 1 behind the words
        axes.text(0.0, position, f" {title(summary)}", weight="bold", bbox=paper, **place)
        for ratio in ratios:
            position += 1
            draw_bar(axes, position, ratio, asked_of(summary, ratio))
        position += 1 + GAP
    axes.axvline(1, color="black", linewidth=1.2, zorder=2)
    axes.plot([], [], "D", color="white", markeredgecolor="black", label="asked")
    axes.set(xscale="log", yticks=[], ylim=(position - GAP, -0.8), xlabel="time of the peer / time of fitnet")
    values = [max(ratio.ratio, asked_of(summary, ratio) or 0) for summary, ratios in shown for ratio in ratios]
    axes.set_xlim(0.8 * min([1.0, *(ratio.ratio for _, ratios in shown for ratio in ratios)]), 3 * max([2.0, *values]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.grid(axis="x", alpha=0.25)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.legend(frameon=False, loc="upper right")
    axes.set_title(f"Right of 1 fitnet is faster\n{subtitle}", loc="left", fontsize=10)
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=150)
    return buffer.getvalue()


def draw_bar(axes: Axes, position: float, ratio: Ratio, asked: float | None) -> None:
    """From 1 to the ratio, the peer's name and ratio beside it, a diamond at what is asked."""
    color, hatch = STYLES[ratio.peer]
    axes.barh(position, ratio.ratio - 1, left=1, height=0.8, color=color, hatch=hatch, edgecolor="white", linewidth=0)
    if asked is not None:
        axes.plot(asked, position, "D", color="white", markeredgecolor="black", markersize=6, zorder=3)
    end = max(ratio.ratio, asked or 1, 1) * 1.1
    axes.text(end, position, f"{ratio.peer} {digits(ratio.ratio)}x", va="center", fontsize=9)


def asked_of(summary: Summary, ratio: Ratio) -> float | None:
    """What is asked beside this peer, in its own name or as the best."""
    asked = summary.workload.asked
    best = min(summary.ratios, key=lambda one: one.ratio)
    return asked.get(ratio.peer, asked.get(BEST_PEER) if ratio.ratio == best.ratio else None)


def digits(ratio: float) -> str:
    """Two digits, or a whole number from 10 on."""
    return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"


def title(summary: Summary) -> str:
    """The workload in words."""
    workload = summary.workload
    if workload.kind == "predict":
        return f"predict {workload.network}, {workload.rows:,} row{'s' if workload.rows > 1 else ''}"
    return f"train {workload.network}, {'full batch of' if workload.full_batch else 'batch'} {workload.batch:,}"
