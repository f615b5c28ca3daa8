"""What is said of a mistake: one sentence, with arguments as they are typed, and what to type next where clear."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from shlex import quote

import click

from fitnet.cli.completion_values import MODELS, TABLES, columns_of
from fitnet.errors import ArgumentError, MissingValuesError, ModelFileError, TableError
from fitnet.files.patterns import stands_for_files

# Arguments that no option is named after.
SHAPED_BY = {"network": "--hidden", "y": "--target", "exog": "TABLE", "model": "MODEL"}
# Options that there are not, by what to type in their place; near in meaning where no spelling is near.
DERIVATIVES = "derivatives are given by fitnet predict --derivatives, in a report, and in the code of fitnet export"
SLOPES = ("--jacobian", "--derivative", "--gradient", "--gradients", "--slope", "--slopes")
ELSEWHERE = {
    **dict.fromkeys(("--inputs", "--input", "--columns", "--predictors"), ("--features", "")),
    **dict.fromkeys((*SLOPES, "--derivatives"), ("--derivatives", DERIVATIVES)),
    **dict.fromkeys(("--model", "--table", "--data", "--file"), ("", "MODEL and TABLE are typed without an option")),
    **dict.fromkeys(("--ci", "--confidence", "--coverage", "--level"), ("--interval", "")),
    **dict.fromkeys(("--uncertainty", "--error-bars", "--errors", "--sigma"), ("--std", "")),
    **dict.fromkeys(("--date", "--dates", "--times"), ("--time", "")),
    **dict.fromkeys(("--plot", "--figure"), ("--picture", "")),
    **dict.fromkeys(("--output", "--save"), ("--out", "")),
}
# Commands that there are not, by what to type in their place.
COMMANDS = {
    **dict.fromkeys(("train", "learn", "regress", "regression", "classify"), "fit TABLE --target NAME"),
    **dict.fromkeys(("test", "score", "validate"), "evaluate MODEL TABLE"),
    **dict.fromkeys(("show", "summary", "describe"), "inspect MODEL"),
    **dict.fromkeys(("plot", "html"), "report MODEL TABLE"),
    **{
        "help": "--help",
        "version": "--version",
        "convert": "export MODEL --to LANGUAGE",
        "apply": "predict MODEL TABLE",
    },
}
SHOWN_COLUMNS = 8  # in a sentence
EXTRA = "unexpected extra argument"  # click's words


def sentence_of(error: BaseException, context: click.Context | None) -> str:
    """The sentence on an error that the command of this context ended with."""
    if isinstance(error, click.ClickException):
        return of_usage(error)
    if isinstance(error, ArgumentError):
        return as_typed(str(error), error.arguments, context)
    if isinstance(error, MissingValuesError):
        return f"{error.problem}; {error.advice(error.rules, '--missing {}')}."
    if isinstance(error, MemoryError):
        return f"There is not enough memory: {str(error) or 'none is left'}."
    if isinstance(error, OSError) and error.filename:
        return with_advice(f"{error.filename}: {error.strerror}", of_missing_file(error, given_to(context)))
    if isinstance(error, ModelFileError):
        return with_advice(str(error), of_order(given_to(context), context))
    if isinstance(error, TableError):
        return with_advice(str(error), of_table(error, context))
    return str(error)


def with_advice(sentence: str, advice: str) -> str:
    """The sentence, which goes on with what to do."""
    sentence = sentence.rstrip(".")
    return f"{sentence}; {advice}" if advice else f"{sentence}."


def as_typed(sentence: str, arguments: Sequence[str], context: click.Context | None) -> str:
    """The sentence with these arguments as one types them to the command: `batch_size` becomes `--batch-size`."""
    typed = dict(SHAPED_BY)
    for each in () if context is None else context.command.params:
        typed |= {spelling(each).lstrip("-").replace("-", "_"): spelling(each), each.name or "": spelling(each)}
    for argument in arguments:
        name = argument.partition("[")[0]  # of hidden_layer_sizes[0] there is one option for all
        sentence = sentence.replace(f"`{argument}`", f"`{typed.get(name, argument)}`")
    return sentence


def spelling(parameter: click.Parameter) -> str:
    """An option as it is typed, another parameter as the help names it."""
    return parameter.opts[-1] if isinstance(parameter, click.Option) else parameter.human_readable_name


def of_usage(error: click.ClickException) -> str:
    """What is wrong with the words of a command, and where its words are listed, or what its table has."""
    elsewhere = found_elsewhere(error) or of_bare_pattern(error)
    if elsewhere:
        return elsewhere
    message = error.format_message()
    message = message if message[-1] in ".?" else message + "."
    if not isinstance(error, click.UsageError) or error.ctx is None or names_the_rest(error):
        return message
    if isinstance(error, click.MissingParameter) and error.param is not None and "--target" in error.param.opts:
        names = columns_of(error.ctx.params.get("table"))
        if names:
            return with_advice(message, of_columns(error.ctx, names))
    if error.ctx.command.name == "info" and f"{MODELS[0]})" in message:
        return with_advice(message, "fitnet inspect MODEL shows what is in a model.")
    return with_advice(message, f"see {error.ctx.command_path} --help.")


def found_elsewhere(error: click.ClickException) -> str:
    """The sentence on an option or a command that there is not, but something that is meant by it; else nothing."""
    if isinstance(error, click.exceptions.NoSuchCommand) and error.ctx is not None and error.ctx.parent is None:
        meant = COMMANDS.get(error.command_name.lower(), "")
        return f"No such command {error.command_name!r}; {error.ctx.command_path} {meant} is meant." if meant else ""
    if not isinstance(error, click.NoSuchOption) or error.ctx is None:
        return ""
    meant, there = ELSEWHERE.get(error.option_name, ("", ""))
    if meant and any(meant in parameter.opts for parameter in error.ctx.command.params):
        there = f"{meant} is meant"
    return with_advice(f"No such option {error.option_name!r}", f"{there}.") if there else ""


def of_bare_pattern(error: click.ClickException) -> str:
    """The sentence on a pattern that the shell itself made file names of; nothing on any other error."""
    if not isinstance(error, click.UsageError) or error.ctx is None or EXTRA not in error.message:
        return ""
    table = error.ctx.params.get("table")
    last = error.message.rstrip(")").split()[-1]
    if not isinstance(table, str) or not (table.endswith(TABLES) and last.endswith(TABLES)):
        return ""
    pattern = Path(table).parent / f"*{Path(table).suffix}"
    return f"There is more than one TABLE; a pattern for many files stands in quotation marks: '{pattern}'."


def names_the_rest(error: click.UsageError) -> bool:
    """Whether the sentence itself has what to type: the names that are near, or what a value must be."""
    if isinstance(error, click.BadParameter):
        return not isinstance(error, click.MissingParameter)
    return isinstance(error, click.BadOptionUsage) or bool(getattr(error, "possibilities", None))


def of_columns(context: click.Context, names: Sequence[str]) -> str:
    """Which columns there are, and the command with the last of them, where targets often stand."""
    table, shown = context.params["table"], [*names[:SHOWN_COLUMNS], *(["..."] if names[SHOWN_COLUMNS:] else [])]
    return f"{table} has {', '.join(shown)}: {context.command_path} {quote(table)} --target {quote(names[-1])}"


def of_table(error: TableError, context: click.Context | None) -> str:
    """The file that is meant by a TABLE that is not there, or several targets that were given as one."""
    table = given_to(context).get("TABLE", "")
    if context is None or not table:
        return ""
    if stands_for_files(table):
        return ""
    if not Path(table).exists():
        return similar(table, TABLES)
    parts = [part.strip() for part in (error.column or "").split(",")]
    if len(parts) == 1 or "targets" not in context.params or not {*parts} <= {*columns_of(table)}:
        return ""
    return f"several targets are typed as {' '.join(f'--target {quote(part)}' for part in parts)}."


def given_to(context: click.Context | None) -> Mapping[str, str]:
    """The files that were given as MODEL and TABLE, by these names."""
    params = {} if context is None else context.params
    named = {"MODEL": params.get("model_file", params.get("file")), "TABLE": params.get("table")}
    return {name: value for name, value in named.items() if isinstance(value, str)}


def of_missing_file(error: OSError, given: Mapping[str, str]) -> str:
    """A file of the kind that is there under a similar name, or what makes a model."""
    if not isinstance(error, FileNotFoundError):
        return ""
    name = os.fspath(error.filename)
    if name == given.get("MODEL"):
        return similar(name, MODELS) or "fitnet fit TABLE --target NAME makes a model."
    return similar(name, TABLES) if name == given.get("TABLE") else ""


def similar(name: str, endings: Iterable[str]) -> str:
    """The question whether the file with the most similar name in that folder was meant; nothing without one."""
    from difflib import get_close_matches

    folder = Path(name).parent
    files = folder.iterdir() if folder.is_dir() else ()
    there = {each.stem: each for each in files if each.name.endswith(tuple(endings))}
    found = get_close_matches(Path(name).stem, there, n=1)
    return f"did you mean {there[found[0]]}?" if found else ""


def of_order(given: Mapping[str, str], context: click.Context | None) -> str:
    """The command with MODEL and TABLE the other way round, where they seem to be so."""
    model, table = given.get("MODEL", ""), given.get("TABLE", "")
    if context is None or not table.endswith(MODELS) or model.endswith(MODELS):
        return ""
    return f"the model comes first: {context.command_path} {quote(table)} {quote(model)}"
