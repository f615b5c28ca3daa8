"""Boxes, words and arrows of the drawn pictures, as SVG: light cards that can be read on a dark page as well."""

from html import escape
from pathlib import Path

INK, FAINT, RULE = "#24292f", "#6e7781", "#d0d7de"
BLUE, ORANGE, GREEN, PALE = "#4477aa", "#e08a2e", "#3a9a78", "#e7eef6"  # told apart by the colour-blind as well
FONT = "font-family='system-ui, Segoe UI, Helvetica, Arial, sans-serif'"


class Drawing:
    """A card of width by height, in pixels, to which shapes are added."""

    def __init__(self, width: int, height: int, title: str) -> None:
        self.size = f"{width} {height}"
        self.parts = [
            f"<title>{escape(title)}</title>",
            "<defs><marker id='head' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='7' markerHeight='7' "
            f"orient='auto'><path d='M0,0 L8,4 L0,8 z' fill='{FAINT}'/></marker></defs>",
            f"<rect x='.5' y='.5' width='{width - 1}' height='{height - 1}' rx='10' fill='#ffffff' stroke='{RULE}'/>",
        ]

    def box(self, x: float, y: float, width: float, height: float, fill: str = PALE, edge: str = "#ffffff") -> None:
        """A filled rectangle."""
        self.parts.append(
            f"<rect x='{x:g}' y='{y:g}' width='{width:g}' height='{height:g}' rx='2' fill='{fill}' stroke='{edge}'/>"
        )

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        """A dashed outline."""
        self.parts.append(
            f"<rect x='{x:g}' y='{y:g}' width='{width:g}' height='{height:g}' rx='8' fill='none' "
            f"stroke='{FAINT}' stroke-dasharray='5 4'/>"
        )

    def words(
        self,
        x: float,
        y: float,
        text: str,
        size: int = 13,
        colour: str = INK,
        anchor: str = "start",
        bold: bool = False,
    ) -> None:
        """A line of text; the anchor is start, middle or end."""
        weight = " font-weight='600'" if bold else ""
        self.parts.append(
            f"<text x='{x:g}' y='{y:g}' {FONT} font-size='{size}' fill='{colour}' text-anchor='{anchor}'{weight}>"
            f"{escape(text)}</text>"
        )

    def arrow(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """A straight arrow."""
        self.parts.append(
            f"<line x1='{x:g}' y1='{y:g}' x2='{to_x:g}' y2='{to_y:g}' stroke='{FAINT}' stroke-width='1.6' "
            "marker-end='url(#head)'/>"
        )

    def save(self, path: Path) -> None:
        """The picture as a file."""
        head = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {self.size}' role='img'>"
        path.write_text("\n".join([head, *self.parts, "</svg>\n"]), encoding="utf-8")
