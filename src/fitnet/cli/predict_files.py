"""fitnet predict of many files: a folder of answers, by several processes."""

from pathlib import Path
from typing import Any

from fitnet.cli.destinations import check_apart, check_folder
from fitnet.cli.notices import say_left_out, warn_outside
from fitnet.cli.output import print_json, print_line
from fitnet.cli.predict_checks import check_answers
from fitnet.errors import ArgumentValueError


def predict_many(
    model_file: str, table: str, out: Path | None, asked: dict[str, Any], workers: int, resume: bool, as_json: bool
) -> None:
    """Answer all files that `table` stands for into the folder `out`, and tell how many rows there were."""
    from fitnet.arguments import counted, whole_number
    from fitnet.distributed.part_files import megabytes_of, parts_of, predict_files
    from fitnet.model.loading import load
    from fitnet.tables.predictions import Asked
    from fitnet.training.progress import ProgressBar

    questions = Asked(**asked)
    whole_number("workers", workers)
    if out is None:
        raise ArgumentValueError(
            "`out` is not given; of several files, or with `workers`, it must be the folder for their answers.",
            "out",
            "workers",
        )
    parts = parts_of(table, out)
    check_apart(MODEL=Path(model_file), out=out)
    model = load(model_file)
    check_answers(model, asked)
    check_folder(out)
    with ProgressBar(megabytes_of(parts), True, "MB") as bar:

        def show(megabytes: int, files: int) -> None:
            bar.show(megabytes, f"{files} of {counted(len(parts), 'file')}")

        found = predict_files(model_file, parts, out, questions, workers, resume, show)
    say_left_out(found.n_dropped)
    outside = found.outside.as_dict()
    if questions.outside == "warn":
        warn_outside(outside, found.rows, found.outside.beyond)
    if as_json:
        facts = {"model": model_file, "table": table, "rows": found.rows, "rows_left_out": found.n_dropped}
        print_json({**facts, "outside": outside, "out": str(out), "files": len(parts)})
    else:
        print_line(f"{counted(found.rows, 'prediction')} in {counted(len(parts), 'file')}: {out}")
