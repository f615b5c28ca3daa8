"""Docstrings of fitnet as autodoc and napoleon understand them.

Ours are plain text but for names and code in single backticks, examples and sections: `|r|`, `2**k` and `n_iter_` are
meant as they stand. Of what scikit-learn's classes bring along, the first sentence is kept.
"""

import inspect
import re
from typing import Any

from sphinx.ext import autosummary
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.inspect import signature as signature_of
from sphinx.util.inspect import stringify_signature

PAGE = re.compile(r"docs/([\w/-]+)\.md(#[\w-]+)?")
ARRAY = re.compile(r"[\w.~]*ndarray\[[\w.~]*tuple\[[\w.~]*Any, \.\.\.\], [\w.~]*dtype\[[\w.~]*Any\]\]")
NO_TYPE_BEFORE = "\ue000"  # in place of the colon in "The scale: as it was", whose words are no type
CODE = re.compile(r"(`[^`]+`)")


def plain(app: Any, what: str, name: str, value: Any, options: Any, lines: list[str]) -> None:
    """Change the lines of one docstring, in place, before napoleon reads them."""
    if name.startswith("fitnet.") and getattr(value, "__module__", "").startswith("sklearn"):
        kept = lines[: lines.index("")] if "" in lines else lines
        lines[:] = [re.sub(r":\w+:`([^`<]+?)( <[^`]+)?`", r"\1", line) for line in kept]
    ahead = [*lines[1:], ""]
    lines[:] = attributes_as_terms([changed(line, below) for line, below in zip(lines, ahead, strict=True)])
    if what in ("attribute", "data", "property"):
        lines[:1] = [line.replace(":", NO_TYPE_BEFORE) for line in lines[:1]]


def restored(app: Any, what: str, name: str, value: Any, options: Any, lines: list[str]) -> None:
    """Put back, after napoleon, what `plain` hid from it."""
    lines[:] = [line.replace(NO_TYPE_BEFORE, ":") for line in lines]


def attributes_as_terms(lines: list[str]) -> list[str]:
    """The section of attributes as a list of terms, of which one may name several; napoleon leaves it as it is."""
    if "Attributes" not in lines:
        return lines
    begin = lines.index("Attributes") + 2
    end = next((i - 1 for i in range(begin, len(lines)) if re.fullmatch(r"-{3,}", lines[i])), len(lines))
    listed = [line if not line or line[0] == " " else terms(line) for line in lines[begin:end]]
    return [*lines[:begin], *listed, *lines[end:]]


def terms(line: str) -> str:
    """Names as code: history_, model_."""
    return ", ".join(f"``{name}``" for name in line.split(", "))


def changed(line: str, below: str) -> str:
    """One line, of which the next says whether it is a term of a section, which napoleon reads itself."""
    indents = [len(each) - len(each.lstrip()) for each in (line, below)]
    if line.lstrip().startswith(">>>") or (below.strip() and indents[1] > indents[0]):
        return line
    parts = CODE.split(line)
    parts[::2] = [escaped(part) for part in parts[::2]]
    return "".join(parts)


def escaped(text: str) -> str:
    """Text without marks of reStructuredText, where pages of this site are links by their titles."""
    marked = re.sub(r"([*|\\]|_(?!\w))", r"\\\1", text)
    return PAGE.sub(r":doc:`/\1`", marked)


def written_signature(app: Any, what: str, name: str, value: Any, options: Any, given: Any, result: Any) -> Any:
    """A class's arguments as its `__init__` has them, for some have a `__new__` that takes anything."""
    initial = vars(value).get("__init__") if inspect.isclass(value) else None
    if not inspect.isfunction(initial) or "__new__" not in dir(value) or value.__new__ is object.__new__:
        return None
    signature = signature_of(initial, bound_method=True)
    return stringify_signature(signature, show_annotation=False, show_return_annotation=False), ""


def told_types(app: Any, domain: str, kind: str, content: Any) -> None:
    """Of the types that go beside parameters, leave out those that tell nothing, and make arrays short.

    What is returned the docstring says itself, with its shape.
    """
    signature = content.parent[0]
    name = f"{signature.get('module')}.{signature.get('fullname')}"
    annotations = app.env.current_document.autodoc_annotations.get(name, {}) if domain == "py" else {}
    annotations.pop("return", None)
    for parameter, annotation in [*annotations.items()]:
        annotations[parameter] = ARRAY.sub("numpy.ndarray", annotation)
        if re.fullmatch(r"[~\w.]*Any( \| None)?", annotation):
            del annotations[parameter]


def one_signature() -> None:
    """Show the signature a function has; those it has for type checkers besides repeat it."""
    analyze = ModuleAnalyzer.analyze

    def analyzed(self: ModuleAnalyzer) -> None:
        analyze(self)
        self.overloads.clear()

    ModuleAnalyzer.analyze = analyzed  # type: ignore[method-assign]


def setup(app: Any) -> dict[str, bool]:
    """What Sphinx calls."""
    app.connect("autodoc-process-docstring", plain, priority=100)
    app.connect("autodoc-process-docstring", restored, priority=900)
    app.connect("autodoc-process-signature", written_signature)
    app.connect("object-description-transform", told_types, priority=400)
    one_signature()
    autosummary.WELL_KNOWN_ABBREVIATIONS += ("eq.", "eqs.")  # sentences do not end there
    return {"parallel_read_safe": True, "parallel_write_safe": True}
