"""README.md as PyPI shows it: there is no repository around it, so its links and pictures get whole addresses.

The build takes it by `tool.dynamic-metadata` in pyproject.toml.
"""

import re
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


def dynamic_metadata(settings: Mapping[str, Any], project: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The field `readme` of `[project]`, for the build backend."""
    text = Path("README.md").read_text("utf-8")
    return {"readme": {"content-type": "text/markdown", "text": absolute(text, project["urls"]["Repository"])}}


def absolute(text: str, repository: str) -> str:
    """`text` with every relative link into `repository`, main branch, and every relative picture from there too."""

    def whole(found: re.Match[str]) -> str:
        if found["target"] is None:
            return found[0]
        kind = "raw" if found["picture"] else "blob"
        words = CODE_OR_RELATIVE.sub(whole, found["words"])
        return f"{found['picture']}[{words}]({repository}/{kind}/main/{found['target']})"

    return CODE_OR_RELATIVE.sub(whole, text)
