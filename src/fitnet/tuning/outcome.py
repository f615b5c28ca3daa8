"""What a sweep found: how many trials there are, the best one, and how much each setting matters."""

import warnings
from math import isfinite
from typing import Any

from fitnet.tuning.optuna_package import optuna_for
from fitnet.tuning.study import best_of, of_states
from fitnet.tuning.sweep import DIVERGED, EPOCHS, SETTINGS, TOO_MANY

LEAST_COMPLETE = 8  # trials, to say what matters


def outcome_of(study: Any) -> dict[str, Any]:
    """The facts, as JSON holds them; of the best trial and of importances None where trials are too few."""
    pruned = of_states(study, "PRUNED")
    diverged = [trial for trial in pruned if DIVERGED in trial.user_attrs]
    failed = [trial for trial in of_states(study, "FAIL") if TOO_MANY not in trial.user_attrs]
    best = best_of(study)
    return {
        "study": study.study_name,
        "trials": {
            "complete": len(of_states(study, "COMPLETE")),
            "pruned": len(pruned) - len(diverged),
            "diverged": len(diverged),
            "failed": len(failed),
        },
        "best": None if best is None else {"trial": best.number, "loss": best.value, **told(best)},
        "importance": importances(study),
        "compared": 0 if best is None else len(alike(study)),
    }


def told(trial: Any) -> dict[str, Any]:
    """The settings of a trial, and how long it trained."""
    return {"settings": trial.user_attrs.get(SETTINGS), "epochs": trial.user_attrs.get(EPOCHS)}


def made(study: Any) -> list[dict[str, Any]]:
    """Every trial that ended: its number, how it ended, its loss if it has one, and its settings."""
    ended = of_states(study, "COMPLETE", "PRUNED")
    return [
        {
            "trial": trial.number,
            "state": "diverged" if DIVERGED in trial.user_attrs else trial.state.name.lower(),
            "loss": trial.value if trial.state.name == "COMPLETE" else None,
            **told(trial),
        }
        for trial in ended
    ]


def alike(study: Any) -> list[Any]:
    """The complete trials that varied the same settings as the best one: those with its kind of solver."""
    best = best_of(study)
    return [trial for trial in of_states(study, "COMPLETE") if trial.params.keys() == best.params.keys()]


def importances(study: Any) -> dict[str, float] | None:
    """How much each setting matters, the most first, adding up to 1: PED-ANOVA (Watanabe et al. 2023), Optuna's own.

    It tells the best tenth of the trials that are `alike` from the others: a setting that few trials have would seem to
    matter by chance. None where they are too few, or equally good.
    """
    optuna = optuna_for("fitnet tune")
    compared = [] if best_of(study) is None else alike(study)
    if len(compared) < LEAST_COMPLETE or len({trial.value for trial in compared}) < 2:
        return None
    part = optuna.create_study()
    part.add_trials(compared)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it is called experimental
        found = optuna.importance.get_param_importances(part, evaluator=optuna.importance.PedAnovaImportanceEvaluator())
    shares = {name: float(share) for name, share in found.items()}
    return shares if shares and all(map(isfinite, shares.values())) else None
