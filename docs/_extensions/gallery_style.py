"""The look of the gallery's pictures: docs/gallery/fitnet.mplstyle, for each script anew."""

from pathlib import Path
from typing import Any

STYLE = Path(__file__).parents[1] / "gallery" / "fitnet.mplstyle"


def apply(configuration: dict[str, Any], script: str) -> None:
    """What sphinx-gallery calls before every script."""
    import matplotlib.pyplot as plt

    if STYLE.exists():
        plt.style.use(STYLE)
