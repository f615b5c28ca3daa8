"""The verdict: what the facts say, in plain words for those who know the subject and no networks.

Each sentence comes from a figure of the report. Nothing is said that was not measured.
"""

from collections.abc import Iterator, Sequence

from fitnet.fitting.unseen_rows import KEPT_OUT, OUT_OF_FOLD, SEEN
from fitnet.reports.advice import advice
from fitnet.reports.comparison import BOOSTED_TREES, THIS_TABLE
from fitnet.reports.statement import (
    BADLY,
    FEW_TARGETS,
    MUCH_OUTSIDE,
    WELL,
    Facts,
    Statement,
    is_exact,
    place_in_words,
    relative_error,
    targets_told_of,
)
from fitnet.reports.words import count, enumerated, number, percent, quantity

COMPARED = {
    "least squares": ("a linear fit", "which misses"),
    "boosted trees": ("boosted trees, a common method for tables", "which miss"),
}
BEYOND = {"the training rows": "the region that the training rows cover"}
TENTH, TWICE = 0.1, 2.0  # ratios beyond which percent say little
LEVEL = 0.9  # of the intervals that are told of
HARDLY = 0.02  # of the error: what an input that hardly matters adds to it
MANY_COPIES = 0.02  # of the rows
FEWEST_ROWS = 30  # below which shares and regions are not told of


def verdict(facts: Facts) -> list[Statement]:
    """What `ReportFacts.as_dict()` says; the advice comes last."""
    told = targets_told_of(facts)
    statements = [*accuracy(facts, told), *copies(facts, told)]
    for target in told:
        statements += comparisons(facts, target)
    for target in told:
        statements += [*calibration(facts, target), *region(facts, target)]
    statements += outside(facts)
    for target in told:
        statements += importance(facts, target)
    return [*statements, *advice(facts, told)]


def rows_in_words(facts: Facts) -> str:
    """Where the numbers come from."""
    rows = facts["rows"]
    n = count(rows["n"])
    if rows["judged_by"] == KEPT_OUT:
        return f"On {n} kept out of its training"
    if rows["judged_by"] == OUT_OF_FOLD:
        return f"On {n}, each predicted by networks that were not trained on it,"
    if rows["judged_by"] == SEEN:
        return f"On the {n} that it was trained on"
    return f"On {n} of this table, which is not the one it was trained on,"


def accuracy(facts: Facts, told: Sequence[Facts]) -> Iterator[Statement]:
    """How far off the model is, beside guessing the mean."""
    where, seen = rows_in_words(facts), facts["rows"]["judged_by"] == SEEN
    for target in told:
        rmse, mean = (target["errors"][by]["rmse"] for by in ("network", "mean"))
        share, unit, name = relative_error(target), target["unit"], target["name"]
        which = "" if len(facts["targets"]) == len(told) else ", the worst of all targets,"
        sentence = f"{where} the model misses {name}{which} by {quantity(rmse, unit)} on average (root mean square)"
        sentence += f"; always answering the mean would miss it by {quantity(mean, unit)}." if mean else "."
        tone = "fair"
        if seen or share is None:
            tone = "note"
        elif share < WELL:
            tone = "good"
        elif share > BADLY:
            tone = "poor"
        yield Statement(sentence, "errors", tone)
    if seen:
        yield of_seen("errors")
    yield from all_together(facts)


def of_seen(figure: str) -> Statement:
    """That the rows tell nothing about new ones."""
    return Statement(
        "Rows that a model was trained on do not tell how well it predicts new ones, so nothing is said of these.",
        figure,
        "note",
    )


def all_together(facts: Facts) -> Iterator[Statement]:
    """Of more targets than are told of one by one, how all are predicted."""
    together = facts["together"]
    if together is None or len(facts["targets"]) <= FEW_TARGETS or not together["ratios"]:
        return
    ratio = together["ratios"]["mean"]["ratio"]
    if ratio is not None:
        tone = "good" if ratio < WELL else "poor" if ratio > BADLY else "fair"
        yield Statement(
            f"Over all {together['targets']} targets its errors are {percent(ratio)} of those of always answering the "
            "mean (root mean square, each target in units of its own spread).",
            "errors",
            tone,
        )


def comparisons(facts: Facts, target: Facts) -> Iterator[Statement]:
    """By how much it is better or worse than what anyone could use instead."""
    for by, (words, which_misses) in COMPARED.items():
        found = (target["ratios"] or {}).get(by)
        if found is None or found["ratio"] is None or found["low"] is None or is_exact(target):
            continue
        error = quantity(target["errors"][by]["rmse"], target["unit"])
        of = "" if len(facts["targets"]) == 1 else f" of {target['name']}"
        ratio, ends = found["ratio"], (found["low"], found["high"])
        fitted = " to its other rows" if facts["rows"]["baselines_from"] == THIS_TABLE else ""
        boosted_rows, training = facts["rows"]["boosted_rows"], facts["rows"]["training"]
        if by == BOOSTED_TREES and boosted_rows and training and boosted_rows < training / 2:
            fitted = f" and here fitted to only {count(boosted_rows)}"
        those = f"those of {words}{fitted}, {which_misses} by {error}"
        if ends[1] < 1:
            change, sure, tone = *smaller(ratio, *ends), "good"
        elif ends[0] > 1:
            change, sure, tone = *larger(ratio, *ends), "poor"
        else:
            change, tone = "no different, beyond chance, from", "fair"
            sure = f"{number(ratio)} times as large, {number(ends[0])} to {number(ends[1])} with 95 % confidence"
        yield Statement(f"Its errors{of} are {change} {those} ({sure}).", "errors", tone)


def smaller(ratio: float, low: float, high: float) -> tuple[str, str]:
    """How much smaller errors are, and between what with confidence."""
    if ratio > TENTH:
        return f"{percent(1 - ratio)} smaller than", f"{percent_range(1 - high, 1 - low)} with 95 % confidence"
    sure = f"{number(1 / high)} to {number(1 / low)} times with 95 % confidence" if low > 0 else "with 95 % confidence"
    return f"{number(1 / ratio)} times smaller than", sure


def larger(ratio: float, low: float, high: float) -> tuple[str, str]:
    """How much larger."""
    if ratio < TWICE:
        return f"{percent(ratio - 1)} larger than", f"{percent_range(low - 1, high - 1)} with 95 % confidence"
    return f"{number(ratio)} times as large as", f"{number(low)} to {number(high)} times with 95 % confidence"


def percent_range(low: float, high: float) -> str:
    """Two shares, such as "19 to 26 %", with a digit more where they look the same; one where they still do."""
    ends = percent(low), percent(high)
    if ends[0] == ends[1]:
        ends = f"{100 * low:.1f} %", f"{100 * high:.1f} %"
    return ends[0] if ends[0] == ends[1] else f"{ends[0].removesuffix(' %')} to {ends[1]}"


def calibration(facts: Facts, target: Facts) -> Iterator[Statement]:
    """Whether intervals hold what they say."""
    found = next((each for each in target["coverage"] or () if each["level"] == LEVEL), None)
    if found is None or facts["rows"]["n"] < FEWEST_ROWS:
        return
    of = "" if len(facts["targets"]) == 1 else f" of {target['name']}"
    share, chance = percent(found["share"]), percent_range(found["low"], found["high"])
    sentence = f"Its {percent(LEVEL)} intervals{of} hold {share} of the measured values"
    if found["low"] <= found["share"] <= found["high"]:
        yield Statement(f"{sentence}, as they should (chance allows {chance}).", "calibration", "good")
    elif found["share"] < found["low"]:
        yield Statement(
            f"{sentence}, fewer than they should (chance allows {chance}): they are too narrow for these rows.",
            "calibration",
            "poor",
        )
    else:
        yield Statement(
            f"{sentence}, more than they should (chance allows {chance}): they are wider than they need be.",
            "calibration",
            "fair",
        )


def region(facts: Facts, target: Facts) -> Iterator[Statement]:
    """Where it is worst."""
    found = target["worst_region"]
    if found is None or is_exact(target):
        return
    of = "" if len(facts["targets"]) == 1 else f" for {target['name']}"
    unit = target["unit"]
    yield Statement(
        f"It is worst{of} where {place_in_words(found)}: there it misses by {quantity(found['rmse'], unit)}, elsewhere "
        f"by {quantity(found['rmse_elsewhere'], unit)} ({count(found['rows'])} are there).",
        "residuals",
        "fair",
    )


def outside(facts: Facts) -> Iterator[Statement]:
    """How many rows lie where the model was not trained."""
    found, n = facts["outside"], facts["rows"]["n"]
    if found["rows"] is None or facts["rows"]["judged_by"] == SEEN:
        return
    where = BEYOND.get(found["beyond"], found["beyond"])
    if n == 1:
        yield Statement(f"This row lies {'out' if found['rows'] else 'in'}side {where}.", "domain", "note")
        return
    if found["rows"] == 0:
        yield Statement(f"None of these {count(n)} lies outside {where}.", "domain", "good")
        return
    tone = "poor" if found["share"] > MUCH_OUTSIDE else "note"
    verb = "lies" if found["rows"] == 1 else "lie"
    yield Statement(
        f"{found['rows']:,} of these {count(n)} ({percent(found['share'])}) {verb} outside {where}, most "
        f"often in {found['worst_input']}; predictions there are guesses.",
        "domain",
        tone,
    )


def copies(facts: Facts, told: Sequence[Facts]) -> Iterator[Statement]:
    """How many of the rows have the inputs of a training row, so that the model may know their answer."""
    n, found = facts["rows"]["n"], facts["rows"]["copies"]
    if not found or found < MANY_COPIES * n:
        return
    without = [
        f"{target['name']} by {quantity(target['rmse_without_copies'], target['unit'])}"
        for target in told
        if target["rmse_without_copies"] is not None
    ]
    rest = f"; without these it misses {enumerated(without)}, nearer to what new rows will show" if without else ""
    yield Statement(
        f"{found:,} of these {count(n)} have the same inputs as a row that it was trained on{rest}.", "errors", "note"
    )


def importance(facts: Facts, target: Facts) -> Iterator[Statement]:
    """Which input matters most, and which hardly matter."""
    found, rmse = target["importance"], target["errors"]["network"]["rmse"]
    if len(found) < 2 or not rmse:
        return
    first, unit = found[0], target["unit"]
    if first["increase"] <= 2 * first["deviation"]:
        return
    of = target["name"]
    sentence = (
        f"Of the inputs {first['input']} matters most to {of}: with its values shuffled among the rows the error grows "
        f"by {quantity(first['increase'], unit)}"
    )
    hardly = [each["input"] for each in found if each["increase"] + 2 * each["deviation"] < HARDLY * rmse]
    rest = f"; {enumerated(hardly)} hardly matter{'s' if len(hardly) == 1 else ''}" if hardly else ""
    yield Statement(f"{sentence}{rest}.", "importance", "note")
