"""README.md as PyPI shows it: there is no repository around it, so its links and pictures get whole addresses.

The build takes it by `tool.dynamic-metadata` in pyproject.toml.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Code, which is left as it is; or [words](target) and ![words](target), whose target is in the repository: no address,
# and no part of this page. Words may be a picture: [![words](picture)](target).
CODE_OR_RELATIVE = re.compile(
    r"```.*?```|`[^`\n]*`|"
    r"(?P<picture>!?)\[(?P<words>(?:[^\]\[]|!\[[^\]]*\]\([^)]*\))*)\]\((?P<target>(?!https?://|mailto:|#)[^)\s]+)\)",
    re.DOTALL,
)


def dynamic_metadata(field: str, settings: Mapping[str, Any]) -> dict[str, str]:
    """The field `readme` for the build backend."""
    if field != "readme" or settings:
        raise ValueError(
            f"{field!r} with settings {dict(settings)!r} was asked for; only 'readme' without any is made."
        )
    return {"content-type": "text/markdown", "text": absolute(Path("README.md").read_text("utf-8"), repository())}


def repository() -> str:
    """The repository's address, from pyproject.toml."""
    return str(tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]["urls"]["Repository"])


def absolute(text: str, repository: str) -> str:
    """`text` with every relative link into `repository`, main branch, and every relative picture from there too."""

    def whole(found: re.Match[str]) -> str:
        if found["target"] is None:
            return found[0]
        kind = "raw" if found["picture"] else "blob"
        words = CODE_OR_RELATIVE.sub(whole, found["words"])
        return f"{found['picture']}[{words}]({repository}/{kind}/main/{found['target']})"

    return CODE_OR_RELATIVE.sub(whole, text)
