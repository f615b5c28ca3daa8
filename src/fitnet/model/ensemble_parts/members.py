"""The members of an ensemble: models of the same columns, each with a network and scalings of its own.

In the file what they share is there once, as in a model's file: names, units, columns of words, imputation. The rest of
member i is in entry i of "members" in the description, and in tensors whose names begin with "i/".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from fitnet.algorithm.classes import Label
from fitnet.arguments import Array, listed
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model import file
from fitnet.model.columns import Columns
from fitnet.model.model import Model
from fitnet.model.parts.categories import CategoriesPart
from fitnet.model.parts.classes import ClassesPart
from fitnet.model.parts.contract import StoredModel
from fitnet.model.parts.imputation import ImputationPart
from fitnet.rows import Imputation

MEMBERS = "members"
MOST_MEMBERS = 4096
SEPARATOR = "/"  # behind a member's number in the names of its tensors
SHARED_TENSORS = ImputationPart.TENSORS
SHARED_KEYS = {**Columns.KEYS, **CategoriesPart.KEYS, **ClassesPart.KEYS, **ImputationPart.KEYS}


@dataclass(frozen=True, eq=False)
class Members:
    """The models (M,), which all predict with the ensemble's engine and threads."""

    TENSORS: ClassVar[Mapping[str, int]] = SHARED_TENSORS
    KEYS: ClassVar[Mapping[str, int]] = {MEMBERS: 1, **SHARED_KEYS}

    models: tuple[Model, ...]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        models, compute = checked_models(given["members"]), given["compute"]
        for i, model in enumerate(models[1:], 1):
            check_alike(models[0], model, i)
        return cls(tuple(model if model.compute == compute else replace(model, compute=compute) for model in models))

    def fields(self) -> dict[str, Any]:
        return {"members": self.models}

    def tensors(self) -> dict[str, Array]:
        named: dict[str, Array] = {}
        for i, model in enumerate(self.models):
            tensors = model.kept().tensors()
            named |= {name: tensors.pop(name) for name in SHARED_TENSORS if name in tensors}
            named |= {f"{i}{SEPARATOR}{name}": tensor for name, tensor in tensors.items()}
        return named

    def description(self) -> dict[str, Any]:
        described = [model.contents.description() for model in self.models]
        own = [{key: value for key, value in each.items() if key not in SHARED_KEYS} for each in described]
        return {MEMBERS: own} | {key: value for key, value in described[0].items() if key in SHARED_KEYS}

    @classmethod
    def from_stored(cls, stored: StoredModel) -> Self:
        return cls(tuple(Model(**contents.fields) for contents in stored_members(stored)))


def checked_models(members: object) -> tuple[Model, ...]:
    """The members, at least one and at most `MOST_MEMBERS`."""
    if not isinstance(members, Sequence) or isinstance(members, str):
        raise ArgumentTypeError(
            f"`members` is {type(members).__name__}; it must be a sequence of Models, such as a list.", "members"
        )
    if not 1 <= len(members) <= MOST_MEMBERS:
        raise ArgumentValueError(f"`members` holds {len(members)} models; it must hold 1 to {MOST_MEMBERS}.", "members")
    for i, model in enumerate(members):
        if not isinstance(model, Model):
            raise ArgumentTypeError(
                f"`members[{i}]` is {type(model).__name__}; it must be a Model, such as regressor.model_.",
                f"members[{i}]",
            )
    return tuple(members)


def check_alike(first: Model, model: Model, place: int) -> None:
    """Refuse a member that is not for the same columns as the first one."""
    columns = (
        ("inputs", tuple(first.input_names), tuple(model.input_names)),
        ("outputs", tuple(first.output_names), tuple(model.output_names)),
    )
    for kind, wanted, names in columns:
        if names != wanted:
            raise other_than_the_first(place, f"has the {kind} {listed(names)}", f"have {listed(wanted)}")
    if same_types(first.classes) != same_types(model.classes):
        raise other_than_the_first(place, f"has the classes {model.classes}", f"have {first.classes}")
    if first.units != model.units:
        raise other_than_the_first(place, f"has the units {model.units}", f"have {first.units}")
    if first.categories != model.categories:
        raise other_than_the_first(place, "has other columns of words or levels", "have the same")
    if not same_imputation(first.imputation, model.imputation):
        raise other_than_the_first(place, "fills gaps in otherwise", "fill in the same")


def other_than_the_first(place: int, why: str, rule: str) -> ArgumentValueError:
    return ArgumentValueError(
        f"`members[{place}]` {why}; it must {rule}, as `members[0]`.", f"members[{place}]", "members[0]"
    )


def same_types(classes: Sequence[Label] | None) -> list[tuple[type[Any], Label]]:
    """The labels with their types: 1 and True are equal, and not the same label."""
    return [] if classes is None else [(type(label), label) for label in classes]


def same_imputation(one: Imputation | None, other: Imputation | None) -> bool:
    """Whether gaps are filled in with the same numbers, and told of the same columns."""
    if one is None or other is None:
        return one is other
    return (one.told, one.medians.tolist()) == (other.told, other.medians.tolist())


def stored_members(stored: StoredModel) -> tuple[file.Contents, ...]:
    """What an ensemble's file holds of its members, each with what all share.

    Raises
    ------
    ModelFileError
        If it does not hold some members, each as a file of its own would.
    """
    described = stored.description[MEMBERS]
    if not isinstance(described, list) or not all(isinstance(each, dict) for each in described):
        raise stored.foreign_description()
    if not 1 <= len(described) <= MOST_MEMBERS:
        raise stored.damaged(f"it lists {len(described)} members, and an ensemble has 1 to {MOST_MEMBERS}")
    tensors = tensors_by_member(stored, len(described))
    if any(SHARED_KEYS.keys() & each for each in described) or any(SHARED_TENSORS.keys() & each for each in tensors):
        raise stored.damaged("a member has for itself what all members share")
    keys = {key: value for key, value in stored.description.items() if key in SHARED_KEYS}
    shared = {name: tensor for name, tensor in stored.tensors.items() if name in SHARED_TENSORS}
    return tuple(
        file.contents_of(StoredModel(stored.name, keys | own, shared | arrays, stored.version, f"in its member {i} "))
        for i, (own, arrays) in enumerate(zip(described, tensors, strict=True))
    )


def tensors_by_member(stored: StoredModel, count: int) -> list[dict[str, Array]]:
    """The members' tensors, by the names that a model's file has for them."""
    found: dict[str, dict[str, Array]] = {str(i): {} for i in range(count)}
    for name, tensor in stored.tensors.items():
        number, separator, own = name.partition(SEPARATOR)
        if separator:
            if number not in found:
                raise stored.damaged("it holds tensors of a member that it does not list")
            found[number][own] = tensor
    return list(found.values())
