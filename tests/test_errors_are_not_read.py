"""No code recognises an error by its English, and every argument that a sentence names is carried beside it."""

import ast
import re
from pathlib import Path

import pytest

import fitnet

PACKAGE = Path(fitnet.__file__).parent
FILES = {str(path.relative_to(PACKAGE)): path for path in sorted(PACKAGE.rglob("*.py"))}

ARGUMENT_ERRORS = {"ArgumentValueError", "ArgumentTypeError", "CheckpointMismatchError"}
READING = {"match", "search", "fullmatch", "findall", "sub", "split"}  # of `re`
NAME = re.compile(r"`([^`\s]+)`")


@pytest.mark.parametrize("file", FILES)
def test_no_sentence_is_read(file):
    assert sentences_read(FILES[file].read_text()) == []


@pytest.mark.parametrize("file", FILES)
def test_what_a_sentence_is_about_is_carried(file):
    assert unnamed_arguments(FILES[file].read_text()) == []


TRY = "try:\n    f()\nexcept ValueError as error:\n    "


@pytest.mark.parametrize(
    "reading",
    [
        "if 'rows' in str(error): raise",
        "if str(error).startswith('`X`'): raise",
        "if error.args[0] == 'x': raise",
        "if str(error) == 'x': raise",
        "text = str(error).replace('a', 'b')",
        "text = re.sub('a', 'b', str(error))",
        "if 'rows' in f'{error}': raise",
        "text = f'{error}'.split(';')[0]",
    ],
)
def test_reading_is_seen(reading):
    assert len(sentences_read(TRY + reading)) == 1


@pytest.mark.parametrize(
    "use",
    [
        "raise TypeError(f'bad: {error}') from None",
        "print(str(error))",
        "if error.argument == 'X': raise",
        "if error.filename: raise",
        "raise type(error)(error.errno, error.strerror, path) from None",
    ],
)
def test_quoting_is_not_reading(use):
    assert sentences_read(TRY + use) == []


@pytest.mark.parametrize(
    "source",
    [
        "raise ArgumentValueError('`X` has no rows.')",
        "raise ArgumentTypeError(f'`{name}` is {value}.')",
        "raise ArgumentValueError('`X` has no rows.', 'Y')",
        "return CheckpointMismatchError(f'`{name}[{i}]` is other.')",
    ],
)
def test_an_unnamed_argument_is_seen(source):
    assert len(unnamed_arguments(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "raise ArgumentValueError('`X` has no rows.', 'X')",
        "raise ArgumentTypeError(f'`{name}` is {value}.', name)",
        "raise ArgumentValueError(f'`{name}[{i}]` is 0.', f'{name}[{i}]')",
        "raise ArgumentValueError('Layer 1 does not fit layer 2.')",
        "raise ArgumentValueError(sentence, name)",
        "raise TableError('`X` is a name in a table.')",
    ],
)
def test_a_named_argument_passes(source):
    assert unnamed_arguments(source) == []


def sentences_read(source):
    """Where a caught error's text is compared, searched or changed."""
    found = []
    for handler in ast.walk(ast.parse(source)):
        if isinstance(handler, ast.ExceptHandler) and handler.name:
            found += [ast.unparse(node) for node in ast.walk(handler) if reads(node, handler.name)]
    return found


def reads(node, error):
    """Whether a node looks into the text of `error`."""
    if isinstance(node, ast.Compare):
        return any(is_text(part, error) for part in [node.left, *node.comparators])
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in READING:
        return any(is_text(part, error) for part in [*node.args, node.func.value])
    if isinstance(node, ast.Attribute):
        return (node.attr == "args" and is_name(node.value, error)) or (
            is_text(node.value, error) and node.attr not in READING
        )
    return False


def is_text(node, error):
    """Whether a node is the error as text."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) and is_name(part.value, error) for part in node.values)
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "str" and is_name(node.args[0], error)


def is_name(node, name):
    return isinstance(node, ast.Name) and node.id == name


def unnamed_arguments(source):
    """The argument errors whose sentence begins with a name in backticks that does not follow it first."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ARGUMENT_ERRORS and node.args:
            name = first_name(node.args[0])
            if name is not None and (len(node.args) < 2 or text_of(node.args[1]) != name):
                found.append(ast.unparse(node))
    return found


def first_name(sentence):
    """The name in backticks at a sentence's beginning, placeholders as their source; None without one."""
    match = NAME.match(text_of(sentence) if isinstance(sentence, ast.Constant | ast.JoinedStr) else "")
    return match and match[1]


def text_of(node):
    """A string expression as text, with what it holds in braces; a plain expression as such a placeholder."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) else f"{{{ast.unparse(part.value)}}}" for part in node.values
        )
    return f"{{{ast.unparse(node)}}}"
