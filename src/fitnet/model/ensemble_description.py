"""Description of an ensemble: all about it but its members' parameters, as `fitnet inspect` shows it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from fitnet.algorithm.classes import Label
from fitnet.model.description import ColumnDescription, columns, input_columns, stated_columns, transformed
from fitnet.model.ensemble import Ensemble
from fitnet.model.ensemble_parts.leaderboard import Leaderboard


@dataclass(frozen=True)
class MemberDescription:
    """A member: what it counts for, the fold it did not see, its network, and where it comes from."""

    weight: float
    fold: int | None
    architecture: list[tuple[int, int]]
    activations: list[str]
    parameters: int
    dtype: str
    provenance: Mapping[str, Any]


@dataclass(frozen=True)
class EnsembleDescription:
    """All about an ensemble but its members' parameters.

    Attributes
    ----------
    parameters
        How many all members have.
    members
        In order.
    inputs, targets
        Their columns, without the members' own scalings; a transform of targets only where all members have it.
    leaderboard
        By name what every line has: recipe, error, weight.
    provenance
        Where the ensemble comes from.
    classes
        The labels whose probabilities the targets are; None where they are numbers.
    """

    parameters: int
    members: list[MemberDescription]
    inputs: list[ColumnDescription]
    targets: list[ColumnDescription]
    leaderboard: list[dict[str, Any]]
    provenance: Mapping[str, Any]
    classes: list[Label] | None = None

    @classmethod
    def of(cls, ensemble: Ensemble) -> "EnsembleDescription":
        """That of `ensemble`."""
        transforms = [member.target_transform for member in ensemble.members]
        common = transforms[0] if all(each == transforms[0] for each in transforms) else None
        return cls(
            ensemble.n_parameters,
            described_members(ensemble),
            input_columns(ensemble, ensemble.inputs, None),
            transformed(columns(ensemble.outputs, None), common),
            [dict(line._asdict()) for line in ensemble.contents[Leaderboard].lines],
            dict(ensemble.provenance),
            None if ensemble.classes is None else list(ensemble.classes),
        )

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON can hold it."""
        return {
            "parameters": self.parameters,
            "members": [asdict(member) for member in self.members],
            **stated_columns(self.inputs, self.targets),
            **({} if self.classes is None else {"classes": self.classes}),
            "leaderboard": self.leaderboard,
            "provenance": self.provenance,
        }


def described_members(ensemble: Ensemble) -> list[MemberDescription]:
    """One description a member."""
    folds = [None] * len(ensemble.members) if ensemble.folds is None else ensemble.folds
    return [
        MemberDescription(
            weight,
            fold,
            member.architecture,
            [layer.activation for layer in member.network.layers],
            member.network.n_parameters,
            member.parameters.dtype.name,
            dict(member.provenance),
        )
        for member, weight, fold in zip(ensemble.members, ensemble.weights.tolist(), folds, strict=True)
    ]
