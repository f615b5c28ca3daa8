"""Names: of columns, as identifiers that every language takes.

The rule: letters and digits of ASCII stay, every other run of characters becomes one underscore, but none at the ends;
a name that does not begin with a letter gets `x_` before it; it ends after 40 characters. One that is a word of C, C++,
Fortran or Python gets an underscore behind it, and of names that differ in case alone, or not at all, the later ones a
number.
"""

import keyword
import re
from collections.abc import Iterable

from fitnet.errors import ArgumentTypeError, ArgumentValueError

LONGEST = 40  # of the 63 that Fortran takes: what is made of it is longer
FORTRAN_INTRINSICS = (
    "abs all any atan count dim dot_product erf erfc exp floor huge int log matmul max maxval merge min mod real "
    "reshape shape sign size spread sqrt sum tanh tiny transpose"
)
WORDS = frozenset(
    f"""
    alignas alignof and and_eq asm assign associate asynchronous auto backspace bitand bitor block bool call case catch
    char char8_t class close co_await co_return co_yield codimension common compl complex concept const const_cast
    consteval constexpr constinit contains contiguous critical cycle data deallocate allocate decltype default deferred
    delete dimension do double dynamic_cast elemental else elsewhere end endif enddo entry enum enumerator equivalence
    error exit explicit export extends extern external false final float flush for forall format friend function generic
    goto if implicit import impure include inline inquire int integer intent interface intrinsic kind len logical long
    module mutable namelist namespace new noexcept none non_overridable nopass not not_eq nullify only open operator
    optional or or_eq parameter pass pause pointer precision print private procedure program protected public pure read
    real recursive register reinterpret_cast requires restrict result return rewind save select sequence short signed
    sizeof static static_assert static_cast stop struct submodule subroutine switch sync target template then this
    thread_local throw true try type typedef typeid typename union unsigned use using value virtual void volatile wait
    wchar_t where while write xor xor_eq main errno np numpy {FORTRAN_INTRINSICS}
    """.split()
) | {word.lower() for word in [*keyword.kwlist, *keyword.softkwlist]}


def identifier(text: str) -> str:
    """The text as an identifier, by the rule above."""
    plain = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")
    if not plain or not plain[0].isalpha():
        plain = f"x_{plain}".rstrip("_")
    plain = plain[:LONGEST].rstrip("_")
    return f"{plain}_" if plain.lower() in WORDS else plain


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """Of every text its identifier; no two differ in case alone."""
    found: list[str] = []
    taken: set[str] = set()
    for text in texts:
        first = name = identifier(text)
        number = 2
        while name.lower() in taken:
            name = f"{first.rstrip('_')}_{number}"
            number += 1
        taken.add(name.lower())
        found.append(name)
    return tuple(found)


def plain_prefix(text: str) -> str:
    """What the text becomes as a prefix: its identifier in small letters, of a word with `_model` behind it."""
    plain = identifier(text).rstrip("_").lower()
    return f"{plain}_model" if plain in WORDS else plain


def checked_prefix(prefix: object) -> str:
    """A prefix that a user gives, in small letters.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If it is no identifier in every language.
    """
    if not isinstance(prefix, str):
        raise ArgumentTypeError(f"`prefix` is {prefix!r}; it must be text such as 'airfoil'.", "prefix")
    if identifier(prefix) != prefix:
        words = " and no word of a language" if prefix.lower() in WORDS else ""
        raise ArgumentValueError(
            f"`prefix` is {prefix[: 2 * LONGEST]!r}; it must be letters, digits and single underscores, at "
            f"most {LONGEST}, the first a letter{words}, such as {plain_prefix(prefix)!r}.",
            "prefix",
        )
    return prefix.lower()


def printable(text: str) -> str:
    """The text in one line for a comment of any language: what cannot be printed, or could end it, is escaped."""
    shown = "".join(c if c.isprintable() and c != "\\" else c.encode("unicode_escape").decode() for c in text)
    return shown.replace("*/", "* /").replace("/*", "/ *").replace('"""', "'''").replace("??", "? ?").rstrip("\\")
