"""The verdict on a model of classes: what the facts say, in plain words for those who know the subject and no networks.

Each sentence comes from a figure of the report. Nothing is said that was not measured.
"""

from collections.abc import Iterator
from math import exp

from fitnet.evaluation.classification import LOGISTIC, MAJORITY
from fitnet.fitting.unseen_rows import SEEN
from fitnet.reports.class_advice import class_advice, far_off
from fitnet.reports.comparison import BOOSTED_TREES, THIS_TABLE
from fitnet.reports.statement import BADLY, WELL, Facts, Statement, class_named, place_in_words
from fitnet.reports.verdict import FEWEST_ROWS, HARDLY, MANY_COPIES, of_seen, outside, percent_range, rows_in_words
from fitnet.reports.words import count, enumerated, number, percent, percent_of_many

SURE = 0.9  # the probability whose rows are told of
FEWEST_IN_BIN = 20  # rows of a bin that is told of
TOLD_PAIRS = 3  # of classes that are confused


def class_verdict(facts: Facts) -> list[Statement]:
    """What `ClassFacts.as_dict()` says; the advice comes last."""
    return [
        *accuracy(facts),
        *log_loss(facts),
        *copies(facts),
        *comparisons(facts),
        *calibration(facts),
        *confusion(facts),
        *region(facts),
        *repeats(facts),
        *outside(facts),
        *importance(facts),
        *class_advice(facts),
    ]


def accuracy(facts: Facts) -> Iterator[Statement]:
    """How often the model is right, beside the majority class."""
    n, share = facts["rows"]["n"], facts["scores"]["network"]["accuracy"]
    base, majority = facts["scores"][MAJORITY]["accuracy"], class_named(facts, facts["classes"]["majority"])
    sentence = (
        f"{rows_in_words(facts)} the model names the right class for {round(share * n):,} "
        f"({percent_of_many(share, n)}); always answering {majority}, the most frequent class, would be right for "
        f"{percent_of_many(base, n)}."
    )
    wrong, of = 1 - share, 1 - base
    tone = "good" if wrong < WELL * of else "poor" if wrong > BADLY * of else "fair"
    seen = facts["rows"]["judged_by"] == SEEN
    yield Statement(sentence, "scores", "note" if seen else tone)
    if seen:
        yield of_seen("scores")


def log_loss(facts: Facts) -> Iterator[Statement]:
    """How good the probabilities are, in one number."""
    own, base = (facts["scores"][by]["log_loss"] for by in ("network", MAJORITY))
    tone = "good" if own < WELL * base else "poor" if own > BADLY * base else "fair"
    yield Statement(
        f"Its log loss is {number(own)}, as if it gave the right class a probability of {percent(exp(-own))} "
        f"each time; answering with the classes' shares, whatever the inputs, has {number(base)}.",
        "scores",
        "note" if facts["rows"]["judged_by"] == SEEN else tone,
    )


def copies(facts: Facts) -> Iterator[Statement]:
    """How many of the rows have the inputs of a training row, so that the model may know their answer."""
    n, found, without = facts["rows"]["n"], facts["rows"]["copies"], facts["without_copies"]
    if not found or found < MANY_COPIES * n:
        return
    rest = ""
    if without:
        rest = (
            f"; without these it is right for {percent_of_many(without['accuracy'], n - found)}, with a log loss of "
            f"{number(without['log_loss'])}, nearer to what new rows will show"
        )
    yield Statement(
        f"{found:,} of these {count(n)} have the same inputs as a row that it was trained on{rest}.", "scores", "note"
    )


def comparisons(facts: Facts) -> Iterator[Statement]:
    """Whether it is better or worse than what anyone could use instead."""
    fitted = " fitted to its other rows" if facts["rows"]["baselines_from"] == THIS_TABLE else ""
    n = facts["rows"]["n"]
    others = {
        LOGISTIC: f"logistic regression{fitted}",
        BOOSTED_TREES: "boosted trees, a common method for tables",
    }
    for by, words in others.items():
        found = (facts["compared"] or {}).get(by)
        if found is None:
            continue
        scores, loss = facts["scores"][by], found["log_loss"]
        change, tone = {
            -1: ("lower than", "good"),
            0: ("no different, beyond chance, from", "fair"),
            1: ("higher than", "poor"),
        }[loss["clear"]]
        yield Statement(
            f"Its log loss is {change} that of {words}, {number(scores['log_loss'])} ({sure(loss)}); "
            f"{percent_of_many(scores['accuracy'], n)} of its answers are right{rows_apart(found['wrong'])}.",
            "scores",
            tone,
        )


def sure(loss: Facts) -> str:
    """How far apart two log losses are, and how sure that is."""
    if loss["clear"] and abs(loss["difference"]) < 2 * loss["error"]:
        return "beyond chance once the rows that one misses by far count no more than the worst of the other"
    return f"the difference is {number(abs(loss['difference']))} ± {number(2 * loss['error'])}, two standard errors"


def rows_apart(wrong: Facts) -> str:
    """Whether the shares of rows told right differ beyond chance, where they differ at all."""
    if wrong["clear"]:
        return f", clearly {'fewer' if wrong['clear'] < 0 else 'more'} than the model's"
    return "" if wrong["difference"] == 0 else ", as many as the model's but for chance"


def calibration(facts: Facts) -> Iterator[Statement]:
    """Whether probabilities can be taken at their word."""
    found, n = facts["reliability"], facts["rows"]["n"]
    if n < FEWEST_ROWS or facts["rows"]["judged_by"] == SEEN:
        return
    enough = [each for each in found["bins"] if each["rows"] >= FEWEST_IN_BIN]
    told = min(enough, key=lambda each: abs(each["said"] - SURE), default=None)
    example = ""
    if told:
        example = (
            f": where it says {percent(told['said'])} or so, {percent(told['right'])} were right (of "
            f"{count(told['rows'])}; chance allows {percent_range(told['low'], told['high'])})"
        )
    error, most = found["error"], found["chance"][1]
    figures = (
        f"its expected calibration error, in 15 bins, is {number(error)}, where chance alone makes up to {number(most)}"
    )
    if error <= most:
        yield Statement(
            f"Its probabilities hold, as far as these rows tell{example}; {figures}.", "reliability", "good"
        )
    else:
        sure = "too sure" if found["said"] > found["right"] else "not sure enough"
        sentence = f"Its probabilities are off: on average it is {sure}{example}; {figures}."
        yield Statement(sentence, "reliability", "poor" if far_off(found) else "fair")


def confusion(facts: Facts) -> Iterator[Statement]:
    """Which classes are taken for which."""
    pairs = facts["confusion"]["pairs"]
    if not pairs:
        yield Statement("It takes no class for another on these rows.", "confusion", "good")
        return
    told = [
        f"{class_named(facts, pair['is'])} for {class_named(facts, pair['said'])} ({count(pair['rows'])}, "
        f"{percent(pair['share'])} of that class)"
        for pair in pairs[:TOLD_PAIRS]
    ]
    yield Statement(f"Most often it takes {'; then '.join(told)}.", "confusion", "note")


def region(facts: Facts) -> Iterator[Statement]:
    """Where it is worst."""
    found = facts["worst_region"]
    if found is not None:
        yield Statement(
            f"It is worst where {place_in_words(found)}: there its log loss is {number(found['rmse'] ** 2)}, elsewhere "
            f"{number(found['rmse_elsewhere'] ** 2)} ({count(found['rows'])} are there).",
            "mistakes",
            "fair",
        )


def repeats(facts: Facts) -> Iterator[Statement]:
    """Rows of the table that no model of these inputs can all tell right."""
    found = facts["repeats"]
    if not found["rows"]:
        return
    same = f"{count(found['rows'])} of the table have the same inputs as another row"
    if found["apart"]:
        verb = "has" if found["apart"] == 1 else "have"
        yield Statement(
            f"{same}; {found['apart']:,} of them {verb} another class than most rows alike, which no model of these "
            "inputs can tell.",
            "mistakes",
            "note",
        )
    else:
        yield Statement(f"{same}, and the same class as most of those.", "mistakes", "note")


def importance(facts: Facts) -> Iterator[Statement]:
    """Which input matters most, and which hardly matter."""
    found, loss = facts["targets"][0]["importance"], facts["scores"]["network"]["log_loss"]
    if len(found) < 2 or found[0]["increase"] <= 2 * found[0]["deviation"]:
        return
    first, least = found[0], HARDLY * max(loss, found[0]["increase"])
    hardly = [each["input"] for each in found if each["increase"] + 2 * each["deviation"] < least]
    rest = f"; {enumerated(hardly)} hardly matter{'s' if len(hardly) == 1 else ''}" if hardly else ""
    yield Statement(
        f"Of the inputs {first['input']} matters most: with its values shuffled among the rows the log loss grows by "
        f"{number(first['increase'])}{rest}.",
        "importance",
        "note",
    )
