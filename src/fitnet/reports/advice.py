"""Advice: what to do next, each from a figure of the report."""

from collections.abc import Iterator, Sequence
from math import sqrt

from fitnet.evaluation.noise import EQUAL
from fitnet.fitting.unseen_rows import NEW, SEEN
from fitnet.reports.statement import BADLY, MUCH_OUTSIDE, Facts, Statement, is_exact, place_in_words, relative_error
from fitnet.reports.words import count, number, percent, quantity

HELPS, HELPS_LITTLE = 0.08, 0.03  # of the error: what twice the rows took from it
FAR_BEYOND = 2.0  # times the rows of a learning curve: what it says does not hold there
NEAR_FLOOR = 1.15  # times the noise
NEAR_ENOUGH = 0.9  # of what the model explains: what near rows have in common
SHARED = 0.15  # of the mean square of errors, with that of near rows
FAR_OFF = 6.0  # times the root mean square: a row to look at
GROWS = 2.0  # times: the error where predictions are large over that where they are small


def advice(facts: Facts, told: Sequence[Facts]) -> list[Statement]:
    """What the facts advise, for the targets told of."""
    if facts["rows"]["judged_by"] == SEEN:
        return [keep_some_out("errors")]
    found = [*about_domain(facts)]
    for target in told:
        if is_exact(target):
            continue
        if facts["rows"]["judged_by"] == NEW and is_bad(target):
            found.append(another_rule(target))
            continue
        found += [*about_trees(target), *about_noise(facts, target), *about_rows(facts, target)]
        found += [*about_transform(target), *about_region(target), *about_worst_row(target)]
    return [*found, *about_training(facts)]


def keep_some_out(figure: str) -> Statement:
    """What to do where the model saw all rows."""
    sentence = (
        "Keep some rows out of the training, or report on rows measured since: only rows that it has not seen tell "
        "how good the model is."
    )
    return Statement(sentence, figure, "note", True)


def is_bad(target: Facts) -> bool:
    """Whether the model is hardly better than the mean, or not at all."""
    share = relative_error(target)
    return share is None or share > BADLY


def another_rule(target: Facts) -> Statement:
    """What to do about a table that the model knows nothing of."""
    sentence = (
        f"The model does not predict {target['name']} in this table, which may have been measured otherwise than the "
        "rows that it was trained on: compare units and columns, or train it with rows like these."
    )
    return Statement(sentence, "parity", "poor", True)


def about_domain(facts: Facts) -> Iterator[Statement]:
    """Rows where the model was not trained."""
    if facts["outside"]["rows"] and facts["outside"]["share"] > MUCH_OUTSIDE:
        yield Statement(
            f"Measure rows for the training over the whole range of {facts['outside']['worst_input']} that is to be "
            "predicted.",
            "domain",
            "note",
            True,
        )


def about_trees(target: Facts) -> Iterator[Statement]:
    """A baseline that is better."""
    found = (target["ratios"] or {}).get("boosted trees")
    if found and found["low"] is not None and found["low"] > 1:
        yield Statement(
            f"Boosted trees predict {target['name']} better; try more effort, or use them where derivatives do not "
            "matter.",
            "errors",
            "note",
            True,
        )


def about_noise(facts: Facts, target: Facts) -> Iterator[Statement]:
    """Whether the rest of the error is noise."""
    noise, rmse, unit = target["noise"], target["errors"]["network"]["rmse"], target["unit"]
    if noise is None or not noise["deviation"]:
        return
    if noise["from"] == EQUAL:
        yield of_repeats(noise, rmse, unit, target["name"])
        return
    shared = 1 - (noise["deviation"] / noise["compared"]) ** 2 if noise["compared"] else 0.0
    if noise["high"] < noise["compared"] and shared > SHARED:
        yield Statement(
            f"Rows that lie close together are missed in the same direction (that is {percent(shared)} of the mean "
            f"square error of {target['name']}): the inputs tell more than the model has learned, unless something "
            "disturbed such rows together when they were measured. More effort or more rows may find it.",
            "residuals",
            "note",
            True,
        )
    elif noise["near"] is not None and noise["near"] > NEAR_ENOUGH:
        yield Statement(
            f"Rows that lie close together are missed in different directions: what is left of the error of "
            f"{target['name']} looks like noise, or comes from something that is not among the inputs. Another input "
            "may help; more effort hardly will.",
            "residuals",
            "note",
            True,
        )


def of_repeats(noise: Facts, rmse: float, unit: str, name: str) -> Statement:
    """What rows with the same inputs say of the noise."""
    floor = (
        f"Rows with the same inputs differ in {name} by {quantity(noise['deviation'], unit)} ({number(noise['low'])} "
        f"to {quantity(noise['high'], unit)} with 95 % confidence), which no model of these inputs can take away"
    )
    if rmse <= NEAR_FLOOR * noise["high"]:
        rest = "the model is there already. Better measurements or further inputs may help; nothing else will."
        return Statement(f"{floor}: {rest}", "residuals", "good", True)
    times = number(rmse / noise["deviation"])
    return Statement(
        f"{floor}. The model's error is {times} times that: there is something left to learn.",
        "residuals",
        "note",
        True,
    )


def about_rows(facts: Facts, target: Facts) -> Iterator[Statement]:
    """Whether more rows would help, by the learning curve."""
    curve, training = facts["learning_curve"], facts["rows"]["training"]
    if curve is None or (training is not None and training > FAR_BEYOND * curve["rows"][-1]):
        return
    place = [each["name"] for each in facts["targets"]].index(target["name"])
    errors, deviations = ([row[place] for row in curve[name][-2:]] for name in ("rmse", "deviation"))
    sentence = more_rows(curve["rows"], errors, deviations, f"the error of a small network for {target['name']}")
    if sentence:
        yield Statement(sentence, "learning", "note", True)


def more_rows(
    rows: Sequence[int], errors: Sequence[float | None], deviations: Sequence[float | None], of: str
) -> str | None:
    """What the last two errors of a curve say of more rows; None where one is 0 or not known."""
    before, after = errors
    if not before or after is None:
        return None
    gain = 1 - after / before
    error = sqrt(sum((deviation or 0.0) ** 2 for deviation in deviations)) / before
    first, last = f"{rows[-2]:,}", count(rows[-1])
    if gain > HELPS and gain > error:
        return f"Measure more rows: from {first} to {last} {of} fell by {percent(gain)}, and it is still falling."
    if gain > HELPS_LITTLE:
        return f"More rows would help a little: from {first} to {last} {of} fell by {percent(gain)}."
    change = f"fell by {percent(gain)} only" if gain > 0 else "did not fall"
    return f"More rows of the same kind would hardly help: from {first} to {last} {of} {change}."


def about_transform(target: Facts) -> Iterator[Statement]:
    """Whether to learn the logarithm."""
    found = target["error_by_size"]
    if found and found["positive"] and not found["transformed"] and found["high"] > GROWS * found["low"]:
        unit = target["unit"]
        yield Statement(
            f"The error grows with {target['name']}: it is {quantity(found['low'], unit)} in the quarter of the rows "
            f"with the smallest predictions and {quantity(found['high'], unit)} in that with the largest. If relative "
            "errors matter more than absolute ones, fit with target_transform='log'.",
            "residuals",
            "note",
            True,
        )


def about_region(target: Facts) -> Iterator[Statement]:
    """Where to measure."""
    yield from measure_there(target["worst_region"], f"{target['name']} is predicted worst", "residuals")


def measure_there(region: Facts | None, why: str, section: str) -> Iterator[Statement]:
    """That more rows are best measured in a region, if one was found."""
    if region is not None:
        words = f"If you measure more, do it where {place_in_words(region)}: {why} there."
        yield Statement(words, section, "note", True)


def about_worst_row(target: Facts) -> Iterator[Statement]:
    """A row that may be wrong."""
    rmse, largest = target["errors"]["network"]["rmse"], target["errors"]["network"]["max_error"]
    if rmse and largest > FAR_OFF * rmse and target["worst_rows"]:
        worst, unit = target["worst_rows"][0], target["unit"]
        yield Statement(
            f"Look at row {worst['row']:,}: {target['name']} is {quantity(worst['target'], unit)} there and the model "
            f"says {quantity(worst['prediction'], unit)}, which is {number(largest / rmse)} times its usual error. It "
            "may be a wrong entry, or a rare case.",
            "worst",
            "note",
            True,
        )


def about_training(facts: Facts) -> Iterator[Statement]:
    """Whether training ended too soon."""
    training = facts["training"]
    if training is None or not training["validation_loss"] or training["best_epoch"] is None:
        return
    if training["best_epoch"] >= training["epoch"][-1]:
        yield Statement(
            f"Train for longer: the error on the rows that were watched was still falling when training ended, after "
            f"{count(training['epoch'][-1], 'epoch')}.",
            "training",
            "note",
            True,
        )
