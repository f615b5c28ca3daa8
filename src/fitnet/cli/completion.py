"""fitnet completion: what makes the tab key know the words of fitnet."""

from typing import Any

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
)

from fitnet.cli.command_line import COMPLETING, PROGRAM, command_line
from fitnet.cli.commands import Command, among
from fitnet.errors import ArgumentValueError

# As click's, but words with spaces are quoted, none is taken for a pattern, and commas part no word.
BASH = r"""%(complete_func)s() {
    local type value
    COMPREPLY=()
    while IFS=, read -r type value; do
        if [[ $type == file ]]; then
            compopt -o default
        elif [[ $type == dir ]]; then
            compopt -o dirnames
        elif [[ $type == plain ]]; then
            if [[ $value == *[!A-Za-z0-9_./,:=+@~-]* && ${COMP_WORDS[COMP_CWORD]} != [\"\']* ]]; then
                printf -v value %%q "$value"
            fi
            COMPREPLY+=("$value")
        fi
    done < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD %(complete_var)s=bash_complete "$1")
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""
FISH = """function %(complete_func)s
    set -lx COMP_WORDS (commandline -cp)
    set -lx COMP_CWORD (commandline -t)
    for answer in (%(complete_var)s=fish_complete %(prog_name)s)
        set -l parts (string split --max 1 "," -- $answer)
        switch $parts[1]
            case dir
                __fish_complete_directories $parts[2]
            case file
                __fish_complete_path $parts[2]
            case plain
                echo $parts[2]
        end
    end
end

complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


@add_completion_class
class QuotingBash(BashComplete):
    """Completion in bash, from 4.4."""

    source_template = BASH

    def source(self) -> str:
        """The script, without a look for a bash on this machine."""
        return ShellComplete.source(self)


@add_completion_class
class UnsplitFish(FishComplete):
    """Completion in fish."""

    source_template = FISH


SHELLS: dict[str, type[ShellComplete]] = {"bash": QuotingBash, "zsh": ZshComplete, "fish": UnsplitFish}


def shells(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The shells that begin so."""
    return among(SHELLS, ctx, parameter, begun)


@click.command(cls=Command, examples=("fitnet completion fish > ~/.config/fish/conf.d/fitnet_completion.fish",))
@click.argument("shell", metavar="SHELL", shell_complete=shells)
def completion(shell: str) -> None:
    """Print the script by which SHELL (bash, zsh or fish) completes commands, options, their values, files and columns.

    Put it where the shell reads it when it starts: at the end of ~/.bashrc, or of ~/.zshrc below compinit, or into the
    file of the example.
    """
    from fitnet.spellings import did_you_mean

    if shell not in SHELLS:
        hint = did_you_mean(shell, SHELLS)
        raise ArgumentValueError(f"`SHELL` is {shell!r}; it must be one of {', '.join(SHELLS)}{hint}.", "SHELL")
    settings: dict[str, Any] = {}
    print(SHELLS[shell](command_line, settings, PROGRAM, COMPLETING).source(), end="")
