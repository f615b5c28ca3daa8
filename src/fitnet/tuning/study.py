"""The study of a sweep: found or begun in its storage, and only gone on with where rows and settings are the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fitnet.errors import ArgumentValueError
from fitnet.tuning.optuna_package import optuna_for
from fitnet.tuning.pruners import pruner_named
from fitnet.tuning.seeded_sampler import SeededSampler
from fitnet.tuning.storage import opened, refusals, shown

MARK = "fitnet"  # the study's attribute that tells what it is of
TABLE = "table_sha256"  # what the mark calls the table's digest


@dataclass(frozen=True)
class Plan:
    """What makes a study the same study.

    Attributes
    ----------
    name
        The study's, in its storage.
    mark
        What trials depend on beside their own settings, as JSON holds it: the table's digest, what is fixed, the space,
        seed, sampler and pruner.
    """

    name: str
    mark: Mapping[str, Any]

    def found(self, storage: str | None) -> Any:
        """The study, which may have trials already.

        Raises
        ------
        ArgumentValueError
            If there is one of that name with another mark, or the storage cannot be used.
        """
        optuna = optuna_for("fitnet tune")
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        sampler = SeededSampler(self.mark["sampler"], self.mark["seed"])
        pruner = pruner_named(self.mark["pruner"])
        place = opened(storage)
        with refusals(storage):
            study = optuna.create_study(
                storage=place, study_name=self.name, sampler=sampler, pruner=pruner, load_if_exists=True
            )
            there = study.user_attrs.get(MARK)
            if there is None and not study.get_trials(deepcopy=False):
                study.set_user_attr(MARK, dict(self.mark))
                there = study.user_attrs[MARK]
        if there != self.mark:
            raise ArgumentValueError(self._refusal(shown(storage or ""), there), "storage", "study")
        return study

    def _refusal(self, storage: str, there: Mapping[str, Any] | None) -> str:
        """The sentence about a study that is another."""
        begun = f"`storage` {storage} holds a study {self.name!r} that"
        advice = "another name for `study` begins another"
        if there is None:
            return f"{begun} fitnet tune did not begin; {advice}."
        if there.get(TABLE) != self.mark[TABLE]:
            return f"{begun} is of another table, or of other columns; {advice}."
        others = [name for name in self.mark if there.get(name) != self.mark[name]] or ["more"]
        return f"{begun} was begun with other settings ({others[0]}); as they were it goes on, and {advice}."


def of_states(study: Any, *names: str) -> list[Any]:
    """The study's trials in one of these states, such as "COMPLETE", in their order."""
    state = optuna_for("fitnet tune").trial.TrialState
    trials: list[Any] = study.get_trials(deepcopy=False, states=tuple(state[name] for name in names))
    return trials


def best_of(study: Any) -> Any:
    """The complete trial of the lowest value, the first of equals; None without any."""
    return min(of_states(study, "COMPLETE"), key=lambda trial: (trial.value, trial.number), default=None)
