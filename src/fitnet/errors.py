"""The errors fitnet raises on purpose; each message is one sentence that says what to do.

The command line prints exactly these (and the operating system's) as one line and exits 2; warnings too are one line
there. Anything else is a bug and keeps its traceback.
"""


class ArgumentValueError(ValueError):
    """An argument has the right type and an impossible value."""


class ArgumentTypeError(TypeError):
    """An argument has the wrong type."""


class ModelFileError(ValueError):
    """A file is not a whole, unaltered fitnet model that this version can read."""


class TableError(ValueError):
    """A file does not hold the table of numbers that was asked for."""


class CheckpointFileError(ValueError):
    """A file is not a whole, unaltered checkpoint that this version can read."""


class DivergenceError(ArithmeticError):
    """Training reached a loss that is not finite."""


class EngineUnavailableError(RuntimeError):
    """An engine was asked for that is not installed."""


class MissingPackageError(ImportError):
    """A package is needed that comes with one of fitnet's extras."""


class EngineWarning(UserWarning):
    """The work is done by a slower engine than there could be."""


class DerivativeWarning(UserWarning):
    """A derivative is exact where it exists, and says little about the function."""


class ErrorBarsWarning(UserWarning):
    """Error bars that are no measure of what the data leave open."""


FITNET_ERRORS = (
    ArgumentValueError,
    ArgumentTypeError,
    ModelFileError,
    TableError,
    CheckpointFileError,
    DivergenceError,
    EngineUnavailableError,
    MissingPackageError,
)
FITNET_WARNINGS = (EngineWarning, DerivativeWarning, ErrorBarsWarning)
