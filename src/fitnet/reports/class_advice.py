"""Advice on a model of classes: what to do next, each from a figure of the report."""

from collections.abc import Iterator

from fitnet.evaluation.classification import MAJORITY
from fitnet.fitting.unseen_rows import NEW, SEEN
from fitnet.reports.advice import (
    FAR_BEYOND,
    about_domain,
    about_training,
    keep_some_out,
    measure_there,
    more_rows,
)
from fitnet.reports.comparison import BOOSTED_TREES
from fitnet.reports.statement import BADLY, Facts, Statement, class_named

SURELY_WRONG = 0.01  # the probability of a row's own class below which its label may be wrong
FEW_ROWS, FEW_OF_CLASS = 20, 5  # of all that are judged, and of a class among them
MATTERS = 0.03  # of a calibration error
RARELY = 0.5  # the share of a class's rows that is found


def class_advice(facts: Facts) -> list[Statement]:
    """What the facts advise."""
    if facts["rows"]["judged_by"] == SEEN:
        return [keep_some_out("scores")]
    own, base = (facts["scores"][by]["log_loss"] for by in ("network", MAJORITY))
    found = [*about_domain(facts)]
    if facts["rows"]["judged_by"] == NEW and own > BADLY * base:
        return [*found, another_rule()]
    found += [*about_trees(facts), *about_calibration(facts), *about_rows(facts), *about_rare_classes(facts)]
    return [*found, *about_region(facts), *about_worst_row(facts), *about_training(facts)]


def another_rule() -> Statement:
    """What to do about a table that the model knows nothing of."""
    return Statement(
        "The model does not predict the classes of this table, which may have been measured or labelled otherwise than "
        "the rows that it was trained on: compare units, columns and labels, or train it with rows like these.",
        "confusion",
        "poor",
        True,
    )


def about_trees(facts: Facts) -> Iterator[Statement]:
    """A baseline that is better."""
    found = (facts["compared"] or {}).get(BOOSTED_TREES)
    if found and found["log_loss"]["clear"] > 0:
        yield Statement(
            "Boosted trees tell these classes better; try more effort, or use them where derivatives do not matter.",
            "scores",
            "note",
            True,
        )


def far_off(reliability: Facts) -> bool:
    """Whether probabilities are off by more than chance, and by as much as matters to who decides by them."""
    return bool(reliability["error"] > max(2 * reliability["chance"][1], MATTERS))


def about_calibration(facts: Facts) -> Iterator[Statement]:
    """Probabilities that do not hold."""
    found = facts["reliability"]
    if far_off(found) and facts["rows"]["n"] >= FEW_ROWS:
        words = (
            "Do not take the probabilities at their word on rows like these: AutoClassifier corrects them by rows that "
            "its members did not see, and rows of another kind than those of the training need a model of their own."
        )
        yield Statement(words, "reliability", "note", True)


def about_rows(facts: Facts) -> Iterator[Statement]:
    """Whether more rows would help, by the learning curve."""
    curve, training = facts["learning_curve"], facts["rows"]["training"]
    if curve is None or (training is not None and training > FAR_BEYOND * curve["rows"][-1]):
        return
    errors, deviations = ([row[0] for row in curve[name][-2:]] for name in ("log_loss", "deviation"))
    sentence = more_rows(curve["rows"], errors, deviations, "the log loss of a small network")
    if sentence:
        yield Statement(sentence, "learning", "note", True)


def about_rare_classes(facts: Facts) -> Iterator[Statement]:
    """A class that is seldom found."""
    enough = [each for each in facts["classes"]["by_class"] if each["rows"] >= FEW_OF_CLASS]
    worst = min(enough, key=lambda each: each["right"] / each["rows"], default=None)
    if worst and worst["right"] < RARELY * worst["rows"]:
        name = class_named(facts, worst["class"])
        yield Statement(
            f"Measure more rows of {name}: only {worst['right']:,} of {worst['rows']:,} are found. If missing them "
            "costs more than a false alarm, give the class more weight (class_weight).",
            "confusion",
            "note",
            True,
        )


def about_region(facts: Facts) -> Iterator[Statement]:
    """Where to measure."""
    yield from measure_there(facts["worst_region"], "classes are told worst", "mistakes")


def about_worst_row(facts: Facts) -> Iterator[Statement]:
    """A row whose label may be wrong."""
    worst = facts["worst_rows"][0] if facts["worst_rows"] else None
    if worst and worst["probability"] < SURELY_WRONG:
        own, said = (class_named(facts, worst[key]) for key in ("is", "said"))
        yield Statement(
            f"Look at row {worst['row']:,}: it is labelled {own} and the model is sure of {said}. The label may be "
            "wrong, or it is a rare case.",
            "mistakes",
            "note",
            True,
        )
