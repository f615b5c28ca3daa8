"""The pictures of docs/explanations/kernel.md and determinism.md: `.venv/bin/python docs/pictures/draw_kernel.py`."""

from pathlib import Path

from drawing import BLUE, FAINT, GREEN, ORANGE, PALE, RULE, Drawing

HERE = Path(__file__).parent
TILE_ROWS, TILE_VECTORS = 6, 4  # cpp/kernels/products.hpp, with AVX-512


def tile() -> Drawing:
    """One tile of a product: which numbers it reads, and what it keeps in registers."""
    to = Drawing(780, 368, "A tile of 6 rows by 4 vectors of sums stays in registers while the inputs are gone through")
    cell = 15
    left, top, wide = 40, 150, 10
    to.words(left, top - 14, "A: activations of a block", bold=True)
    for row in range(12):
        for column in range(wide):
            chosen = row in range(3, 3 + TILE_ROWS)
            fill = ORANGE if chosen and column == 4 else "#f9dcbc" if chosen else PALE
            to.box(left + column * cell, top + row * cell, cell, cell, fill)
    to.words(left, top + 12 * cell + 18, "96 or 192 rows, a column an input", 12, FAINT)
    b_left, b_top, vector = 262, 40, 58
    to.words(b_left, b_top - 12, "W: weights, a row an input", bold=True)
    for row in range(5):
        for column in range(TILE_VECTORS):
            to.box(b_left + column * vector, b_top + row * cell, vector, cell, BLUE if row == 2 else PALE)
    to.words(b_left + 4 * vector + 12, b_top + 2 * cell + 12, "4 vectors loaded", 12, BLUE)
    to.arrow(b_left + 2 * vector, b_top + 5 * cell + 6, b_left + 2 * vector, top - 4)
    for row in range(12):
        for column in range(TILE_VECTORS):
            chosen = row in range(3, 3 + TILE_ROWS)
            to.box(b_left + column * vector, top + row * cell, vector, cell, GREEN if chosen else PALE)
    to.arrow(left + wide * cell + 6, top + 6 * cell, b_left - 8, top + 6 * cell)
    to.words(left + wide * cell + 6, top + 6 * cell - 8, "6 numbers", 12, ORANGE)
    to.words(b_left, top + 12 * cell + 18, "Z: 6 x 4 vectors of sums, in registers", 12, FAINT)
    notes = left + 478
    for i, line in enumerate(
        (
            "For each input, in rising order:",
            "4 loads, 6 broadcasts,",
            "24 fused multiply-adds.",
            "",
            "AVX-512: 24 of 32 registers hold sums.",
            "AVX2, baseline: 6 x 2, 12 of 16.",
            "",
            "At the end ReLU, or a slope on the",
            "way back, is applied to the sums",
            "before they are stored.",
        )
    ):
        to.words(notes, top + 4 + i * 19, line)
    return to


def panels() -> Drawing:
    """How a matrix of 70 columns lies in memory, and how much of a cache line a vector takes."""
    to = Drawing(780, 330, "Weights lie in panels of 64 columns; a cache line holds one, two or four vectors")
    to.words(30, 34, "A matrix of 3 rows and 70 columns of float32, as it lies in memory", bold=True)
    names, place = ("row 0", "row 1", "row 2"), 30
    for row, name in enumerate(names):
        to.box(place + row * 118, 52, 118, 34, BLUE)
        to.words(place + row * 118 + 59, 74, f"{name}, 0 to 63", 12, "#ffffff", "middle")
    to.words(place, 106, "panel 0", 12, FAINT)
    place += 3 * 118 + 12
    for row, name in enumerate(names):
        to.box(place + row * 118, 52, 30, 34, GREEN)
        to.box(place + row * 118 + 30, 52, 88, 34, PALE)
        to.words(place + row * 118 + 15, 74, "6", 12, "#ffffff", "middle")
        to.words(place + row * 118 + 74, 74, f"{name}: zeros", 12, FAINT, "middle")
    to.words(place, 106, "panel 1: columns 64 to 69", 12, FAINT)
    to.words(30, 150, "A cache line, 64 bytes: 16 numbers of float32", bold=True)
    widths = (
        ("baseline: 4 a vector", 4, "#9db8d6"),
        ("AVX2: 8 a vector", 8, "#6f97c2"),
        ("AVX-512: 16 a vector", 16, BLUE),
    )
    for level, (name, lanes, colour) in enumerate(widths):
        y = 168 + level * 44
        for number in range(16):
            to.box(200 + number * 34, y, 34, 26, colour if number < lanes else PALE)
        to.words(30, y + 18, name)
    to.words(
        30,
        315,
        "Each number of a result is a chain of sums of its own, so with FMA the width changes the time and no bit.",
        12,
        FAINT,
    )
    return to


def block() -> Drawing:
    """A block of rows on its way through 3-64-64-1 and back."""
    to = Drawing(780, 300, "A block of rows passes through all layers and back while it is in the nearest caches")
    to.frame(20, 48, 560, 206)
    to.words(34, 40, "in the nearest caches", 12, FAINT)
    places = ((44, 26, "x", "3"), (150, 96, "hidden", "64"), (316, 96, "hidden", "64"), (484, 22, "z", "1"))
    for x, width, name, count in places:
        to.box(x, 84, width, 112, PALE, RULE)
        to.words(x + width / 2, 134, name, 13, anchor="middle")
        to.words(x + width / 2, 152, count, 12, FAINT, "middle")
    gaps = ((70, 150), (246, 316), (412, 484))
    for start, end in gaps:
        to.arrow(start + 6, 106, end - 6, 106)
        to.arrow(end - 6, 178, start + 6, 178)
    to.words(190, 74, "forward: product and activation together", 12, BLUE)
    to.words(190, 218, "back: product and slope together", 12, ORANGE)
    to.words(44, 240, "96 rows (192 where weights exceed 128 kB)", 12, FAINT)
    to.box(610, 70, 150, 46, "#dcefe8", GREEN)
    to.words(685, 98, "loss of the slot", 13, anchor="middle")
    to.box(610, 150, 150, 46, "#dcefe8", GREEN)
    to.words(685, 178, "gradient of the slot", 13, anchor="middle")
    to.arrow(512, 94, 604, 94)
    to.arrow(586, 173, 604, 173)
    to.words(
        20,
        282,
        "Then the next block comes. Weights are used as they lie in memory; only the way back needs a transposed copy.",
        12,
        FAINT,
    )
    return to


def slots() -> Drawing:
    """A batch in slots, threads that take them, and the sum in the slots' order."""
    to = Drawing(
        780, 330, "A batch is cut into slots; any thread takes the next; gradients are added in the slots' order"
    )
    count, width, x = 8, 84, 50
    to.words(x, 34, "A batch, cut into slots by its rows and the network's shape alone", bold=True)
    taken = (0, 1, 0, 1, 1, 0, 1, 0)
    colours, names = (BLUE, ORANGE), ("thread 1", "thread 2")
    for slot in range(count):
        left = x + slot * width
        to.box(left, 50, width - 6, 36, PALE, RULE)
        to.words(left + 39, 73, f"slot {slot}", 13, anchor="middle")
        to.arrow(left + 39, 88, left + 39, 112)
        to.box(left, 114, width - 6, 30, colours[taken[slot]])
        to.words(left + 39, 134, names[taken[slot]], 12, "#ffffff", "middle")
        to.arrow(left + 39, 146, left + 39, 170)
        to.box(left, 172, width - 6, 36, "#dcefe8", GREEN)
        to.words(left + 39, 195, f"g{slot}", 13, anchor="middle")
        if slot + 1 < count:
            to.words(left + 81, 245, "+", 16, anchor="middle")
        to.words(left + 39, 245, f"g{slot}", 14, anchor="middle")
    to.words(x, 282, "added from left to right, whoever made them and whenever they were ready", 13, GREEN)
    to.words(x, 308, "One thread would add the same numbers in the same order: the sum has the same bits.", 12, FAINT)
    return to


if __name__ == "__main__":
    for draw in (tile, panels, block, slots):
        draw().save(HERE / f"kernel-{draw.__name__}.svg")
