"""The profiler and the contour: which files of the page they are made of."""

# In the order in which they stand in the page's script, after those of the charts and of the model.
SCRIPTS = (
    *("input_range.js", "current_point.js", "propagation.js", "quasi_newton.js", "optimum.js", "nearby.js"),
    *("curves.js", "controls.js", "settings.js", "prediction.js", "goals.js", "input_card.js", "card_grid.js"),
    *("spectrum.js", "profiler_tools.js", "profiler.js"),
    *("contour_grid.js", "contour_lines.js", "contour_picture.js", "contour.js"),
)
STYLES = ("profiler.css",)
