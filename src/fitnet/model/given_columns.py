"""The columns that a model's rows are given with: from them come its network's inputs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fitnet.model.exporting.door import export
from fitnet.model.given_rows import by_name, encoded_rows
from fitnet.rows import Categories, Imputation


class GivenColumns:
    """What a model says of the columns it is given, and how it makes inputs of them."""

    export = export

    if TYPE_CHECKING:  # a model's fields, an ensemble's properties

        @property
        def input_names(self) -> Sequence[str]: ...
        @property
        def imputation(self) -> Imputation | None: ...
        @property
        def categories(self) -> Categories | None: ...

    @property
    def given_names(self) -> tuple[str, ...]:
        """The names of the columns that rows must have, of numbers and words: not the inputs' that are made of them."""
        if self.categories is not None:
            return self.categories.names
        return tuple(self.input_names[: None if self.imputation is None else self.imputation.given])

    @property
    def number_names(self) -> tuple[str, ...]:
        """The given columns of numbers, in order: those that derivatives are with respect to."""
        return self.given_names if self.categories is None else self.categories.number_names

    def encoded(self, X: Any) -> Any:
        """`X`, of a frame with columns of words its rows as numbers, (n, k), a column a level; else as it is."""
        if self.categories is None:
            return X
        return encoded_rows("X", X, self, gaps=self.imputation is not None)

    def completed(self, X: Any) -> Any:
        """`X` encoded, its gaps filled in and told, as the network's inputs; else as it is."""
        rows = X if self.categories is None else self.encoded(X)
        if self.imputation is None:
            return rows
        return self.imputation.completed("X", by_name("X", rows, self.given_names, gaps=True))
