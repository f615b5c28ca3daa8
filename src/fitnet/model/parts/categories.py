"""The categories of a model: which of the columns it is given hold words, and their levels, or None."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from fitnet.arguments import Array
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.parts.contract import StoredModel, columns_given
from fitnet.model.parts.imputation import ImputationPart
from fitnet.rows.categories import Categories

GIVEN = "given_columns"


@dataclass(frozen=True, eq=False)
class CategoriesPart:
    """In the description a list: of every given column its name and its levels, null for numbers.

    Of levels the last may be null: words that are missing.
    """

    TENSORS: ClassVar[Mapping[str, int]] = {}
    KEYS: ClassVar[Mapping[str, int]] = {GIVEN: 6}

    categories: Categories | None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        categories, imputation = given["categories"], given.get("imputation")
        if categories is None:
            return cls(None)
        if not isinstance(categories, Categories):
            raise ArgumentTypeError(f"`categories` is {categories!r}; it must be Categories or None.", "categories")
        wanted = columns_given(given) if imputation is None else imputation.given
        if categories.columns != wanted:
            of = "the network has inputs" if imputation is None else "the imputation takes"
            raise ArgumentValueError(
                f"`categories` gives {categories.columns} columns; it must give {wanted}, as many as {of}.",
                "categories",
            )
        return cls(categories)

    def fields(self) -> dict[str, Any]:
        return {"categories": self.categories}

    def tensors(self) -> dict[str, Array]:
        return {}

    def description(self) -> dict[str, Any]:
        if self.categories is None:
            return {}
        pairs = zip(self.categories.names, self.categories.levels, strict=True)
        return {GIVEN: [[name, None if levels is None else list(levels)] for name, levels in pairs]}

    @classmethod
    def from_stored(cls, stored: StoredModel) -> Self:
        if GIVEN not in stored.description:
            return cls(None)
        pairs = stored.description[GIVEN]
        if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
            raise stored.foreign_description()
        levels = [tuple(each) if isinstance(each, list) else each for _, each in pairs]
        try:
            categories = Categories(tuple(name for name, _ in pairs), tuple(levels))
            imputation = ImputationPart.from_stored(stored).imputation
            part = cls.of({"n_inputs": stored.n_inputs, "imputation": imputation, "categories": categories})
        except (ArgumentValueError, ArgumentTypeError):
            raise stored.damaged("its columns of words do not fit its layers") from None
        names = categories.input_names if imputation is None else imputation.names(categories.input_names)
        if stored.description["input_names"] != list(names):
            raise stored.damaged("its column names do not fit its columns of words")
        return part
