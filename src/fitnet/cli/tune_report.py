"""What `fitnet tune` says to people: the trials, what matters, how well the best network does, and its command."""

from typing import Any

from rich.console import Console

from fitnet.arguments import counted
from fitnet.cli.class_report import print_class_errors
from fitnet.cli.evaluation_report import print_errors
from fitnet.cli.output import all_escaped, plain_console


def print_sweep(facts: dict[str, Any]) -> None:
    """What was tried and what came of it."""
    facts = all_escaped(facts)
    console = plain_console()
    print_trials(console, facts)
    console.print(f"Network:  {facts['architecture']}, {facts['activation']}", soft_wrap=True)
    if facts["evaluation"] is not None:
        title = f"On the {counted(facts['kept_out_rows'], 'row')} that no trial saw"
        if "majority class" in facts["evaluation"]:
            print_class_errors(console, title, facts["evaluation"])
        else:
            print_errors(console, title, facts["evaluation"])
    for path in facts["pictures"]:
        console.print(f"Picture:  {path}", soft_wrap=True)
    console.print(f"Command:  {facts['command']}", soft_wrap=True)
    console.print(f"Model:    {facts['model']}", soft_wrap=True)


def print_trials(console: Console, facts: dict[str, Any]) -> None:
    """How many trials there are, which is the best, and which settings matter."""
    counts = ", ".join(f"{count} {state}" for state, count in facts["trials"].items() if count)
    interrupted = f" (interrupted; {facts['asked']} were asked for)" if facts["stopped"] == "interrupted" else ""
    best = facts["best"]
    console.print(f"Trials:   {counts}{interrupted}", soft_wrap=True)
    console.print(f"Best:     trial {best['trial']}, loss {best['loss']:.4g} on the watched rows", soft_wrap=True)
    if facts["importance"] is not None:
        shares = ", ".join(f"{name.replace('_', ' ')} {share:.2f}" for name, share in facts["importance"].items())
        among = f"among {facts['compared']} trials like the best"
        console.print(f"Matters:  {shares}; {among}", soft_wrap=True)
