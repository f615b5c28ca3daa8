"""Pictures: drawn by matplotlib, an extra that nothing else needs."""

from importlib.util import find_spec

from fitnet.errors import MissingPackageError


def check_drawing(what: str) -> None:
    """Refuse to draw where matplotlib is missing; asked before the work, so that none is lost.

    Raises
    ------
    MissingPackageError
        If it is not installed; the sentence says how to get it.
    """
    if not can_draw():
        raise MissingPackageError(f"{what} needs the package matplotlib; {HOW_TO_DRAW}.")


def can_draw() -> bool:
    """Whether matplotlib is installed."""
    try:
        return find_spec("matplotlib") is not None
    except ValueError:  # it was put into sys.modules as None, or by hand
        return False


HOW_TO_DRAW = "install it with: pip install 'fitnet[pictures]'"
