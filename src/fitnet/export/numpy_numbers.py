"""Arrays in a NumPy module: small ones as numbers to read, large ones as constants, from the base64 of their bytes."""

from base64 import b64encode
from collections.abc import Iterable
from textwrap import fill, indent

from fitnet.arguments import Array

MOST_WRITTEN = 200  # numbers that are written out
WIDTH = 120
DEPTH = 16  # so far may what is written be indented
LETTERS = 116  # of base64 a line


class Constants:
    """Definitions of large arrays, which the text of others names."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def text(self, array: Array) -> str:
        """The array's numbers or, of a large one, the name of a constant."""
        if array.size <= MOST_WRITTEN:
            return numbers_text(array)
        return self.names.setdefault(bytes_text(array), f"ARRAY_{len(self.names) + 1}")

    def definitions(self) -> list[str]:
        """Of all that were named."""
        return [f"{name} = {text}" for text, name in self.names.items()]


def definition(name: str, array: Array) -> str:
    """Of a constant."""
    if array.size > MOST_WRITTEN:
        return f"{name} = {bytes_text(array)}"
    return f"{name} = np.array({numbers_text(array)})"


def bytes_text(array: Array) -> str:
    """An expression that is the array, bit for bit."""
    letters = b64encode(array.astype(array.dtype.newbyteorder("<")).tobytes()).decode()
    lines = "\n".join(letters[i : i + LETTERS] for i in range(0, len(letters), LETTERS))
    kind, shape = f"<{array.dtype.kind}{array.dtype.itemsize}", ", ".join(map(str, array.shape))
    return f'numbers("{kind}", ({shape},), """\n{lines}\n""")'


def numbers_text(array: Array) -> str:
    """Nested lists that are the array, bit for bit, once NumPy has them in its dtype; in lines where they are long."""
    line = list_text(array)
    if len(line) <= WIDTH - 2 * DEPTH:
        return line
    return listed_text([filled(line[1:-1], "")] if array.ndim == 1 else map(filled, map(list_text, array)))


def list_text(array: Array) -> str:
    """Nested lists of numbers."""
    if array.ndim == 0:
        return str(array).replace("inf", "np.inf").replace("nan", "np.nan")  # the shortest text that gives it again
    return f"[{', '.join(map(list_text, array))}]"


def call_text(name: str, *arguments: str) -> str:
    """A call, in one line where it fits."""
    line = f"{name}({', '.join(arguments)})"
    if len(line) <= WIDTH - DEPTH and "\n" not in line:
        return line
    return f"{name}(\n{indented(arguments)})"


def listed_text(items: Iterable[str]) -> str:
    """A list of expressions, one a line."""
    return f"[\n{indented(items)}]"


def indented(items: Iterable[str]) -> str:
    """Expressions, one a line, for within brackets."""
    return "".join(indent(f"{item},\n", "    ") for item in items)


def filled(text: str, after_first: str = " ") -> str:
    """The text in lines that fit, broken where it has spaces, with this before all lines but the first."""
    return fill(text, WIDTH - DEPTH - 1, subsequent_indent=after_first, break_long_words=False, break_on_hyphens=False)
