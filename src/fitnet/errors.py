"""The errors fitnet raises on purpose; each message is one sentence that says what to do.

The command line prints exactly these (and the operating system's) as one line and exits 2; warnings too are one line
there. Anything else is a bug and keeps its traceback. What an error is about it carries beside its sentence, so that
no code has to read English.
"""


class ArgumentError(Exception):
    """What is wrong with an argument: the sentence, then the arguments it names in backticks.

    Attributes
    ----------
    arguments
        Their names as the sentence has them, the one it is about first.
    """

    def __init__(self, sentence: str, *arguments: str) -> None:
        super().__init__(sentence)
        self.arguments = arguments

    @property
    def argument(self) -> str | None:
        """The argument that the sentence is about; None where it is about none alone."""
        return self.arguments[0] if self.arguments else None


class ArgumentValueError(ArgumentError, ValueError):
    """An argument has the right type and an impossible value."""


class ArgumentTypeError(ArgumentError, TypeError):
    """An argument has the wrong type."""


class SeriesError(ArgumentValueError):
    """A row of a series that cannot be used: a gap, or a time that does not follow from the one before.

    Attributes
    ----------
    row
        Its number, from 0, among the rows that were given.
    pattern
        The sentence, with "{place}" where the row is named.
    """

    def __init__(self, pattern: str, row: int, *arguments: str) -> None:
        super().__init__(pattern.format(place=f"row {row}"), *arguments)
        self.pattern = pattern
        self.row = row

    def at(self, place: str) -> str:
        """The sentence with another name for the row, such as "line 12"."""
        return self.pattern.format(place=place)

    def __reduce__(self) -> tuple[type["SeriesError"], tuple[object, ...]]:
        return SeriesError, (self.pattern, self.row, *self.arguments)


class CheckpointMismatchError(ArgumentValueError):
    """A training is to be resumed with an argument that is not what it was begun with."""


class ModelFileError(ValueError):
    """A file is not a whole, unaltered fitnet model that this version can read."""


class TableError(ValueError):
    """A file does not hold the table of numbers that was asked for.

    Attributes
    ----------
    column
        The column that the sentence is about, by its name, or None.
    place
        Where in the file: "line 3" of text, "row 2" of other files; or None.
    """

    def __init__(self, sentence: str, column: str | None = None, place: str | None = None) -> None:
        super().__init__(sentence)
        self.column = column
        self.place = place


class MissingValuesError(TableError):
    """Values are missing, in rows that can be left out.

    Attributes
    ----------
    problem
        The sentence without what to do.
    rules
        What `missing` may be instead: "drop", and where rows are trained on "impute".
    """

    def __init__(self, problem: str, rules: tuple[str, ...] = ("drop",)) -> None:
        super().__init__(f"{problem}; {self.advice(rules, '`missing={!r}`')}.")
        self.problem = problem
        self.rules = rules

    @staticmethod
    def advice(rules: tuple[str, ...], spelling: str) -> str:
        """What the rules do, each as `spelling` has it."""
        does = {"drop": "leaves those rows out", "impute": "fills gaps of the inputs in"}
        return " and ".join(f"{spelling.format(rule)} {does[rule]}" for rule in rules)

    def __reduce__(self) -> tuple[type["MissingValuesError"], tuple[str, tuple[str, ...]]]:
        return MissingValuesError, (self.problem, self.rules)


class CheckpointFileError(ValueError):
    """A file is not a whole, unaltered checkpoint that this version can read."""


class DivergenceError(ArithmeticError):
    """Training reached a loss that is not finite."""


class EngineUnavailableError(RuntimeError):
    """An engine was asked for that is not installed."""


class MissingPackageError(ImportError):
    """A package is needed that comes with one of fitnet's extras."""


class WorkersDiedError(RuntimeError):
    """Other processes that did the work died, more often than it is worth trying again."""


class EngineWarning(UserWarning):
    """The work is done by a slower engine than there could be."""


class DerivativeWarning(UserWarning):
    """A derivative is exact where it exists, and says little about the function."""


class ConstantInputWarning(UserWarning):
    """An input that is the same in all rows, of which nothing can be learned."""


class UnknownLevelWarning(UserWarning):
    """Words in rows to predict, or to go on with, that no row of training had."""


class DomainWarning(UserWarning):
    """Rows to predict that lie outside those of training, where predictions are guesses."""


class ErrorBarsWarning(UserWarning):
    """Error bars that are no measure of what the data leave open."""


class RepeatedRowsWarning(UserWarning):
    """Training rows that are copies of others, which folds part."""


class TableWarning(UserWarning):
    """Numbers in a table that seem to stand for something else."""


FITNET_ERRORS = (
    ArgumentValueError,
    ArgumentTypeError,
    ModelFileError,
    TableError,
    CheckpointFileError,
    DivergenceError,
    EngineUnavailableError,
    MissingPackageError,
    WorkersDiedError,
)
FITNET_WARNINGS = (
    EngineWarning,
    DerivativeWarning,
    ConstantInputWarning,
    UnknownLevelWarning,
    DomainWarning,
    ErrorBarsWarning,
    RepeatedRowsWarning,
    TableWarning,
)
