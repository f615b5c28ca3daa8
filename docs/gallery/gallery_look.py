"""The look of the gallery's pictures: docs/conf.py has `reset` called before every script."""

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt

STYLE = Path(__file__).with_name("fitnet.mplstyle")


def reset(gallery_conf: dict[str, Any], script: str) -> None:
    """Draw in the gallery's colours, whatever the script before has set."""
    plt.style.use(STYLE)
