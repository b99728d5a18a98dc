"""In place of a figure of data that there are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def nothing_figure(title: str, why: str) -> Figure:
    """A figure that says under its title why there is nothing to draw."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.8, 1.2), layout="constrained")
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    figure.text(0.01, 0.3, why, fontsize=9)
    return figure
