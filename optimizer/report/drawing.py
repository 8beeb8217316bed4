"""Drawing: layers of Vega-Lite become two SVG images, without a network, the same bytes every time.

Colors are CSS variables of the page, so one drawing serves light, dark and paper. To a screen reader each drawing is
one image with a name; numbers stand in the tables beside it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree
from markupsafe import Markup

from catalogs.faults import shown
from catalogs.wrapping import columns_of

WIDTHS = {"narrow": 320, "wide": 720}
"""Pixels of a phone's chart, and of one for larger screens and paper: text is as large as the page's in both."""
STEP = 46
"""Pixels of a row: its name above its bar."""
LETTER = 7.4
"""Pixels of a letter on average in a wide font, to cut names that do not fit."""
FONT = "Liberation Sans"
"""Comes with vl-convert, so that text is measured alike everywhere; the page shows its own font."""
SVG = "{http://www.w3.org/2000/svg}"
BAR = {"type": "bar", "height": 14, "yOffset": 10, "strokeWidth": 1.5}

type Row = Mapping[str, str | int | float]
type Layer = dict[str, Any]


def span(start: str, end: str, domain: Sequence[float]) -> Layer:
    """Return a bar's place from one field to another, on a scale without an axis."""
    scale = {"domain": list(domain), "nice": False}
    return {"x": {"field": start, "type": "quantitative", "axis": None, "scale": scale}, "x2": {"field": end}}


def colored(*parts: str) -> Layer:
    """Return the fill and outline of each part, by the page's variables."""
    names = [part.replace(" ", "-") for part in parts]
    return {
        channel: {
            "field": "part",
            "type": "nominal",
            "legend": None,
            "scale": {"domain": list(parts), "range": [f"var(--{name}-{channel})" for name in names]},
        }
        for channel in ("fill", "stroke")
    }


def layer(values: Sequence[Row], mark: Layer, encoding: Layer) -> Layer:
    """Return a layer with its own data."""
    return {"data": {"values": list(values)}, "mark": mark, "encoding": encoding}


def rule(values: Sequence[Row], domain: Sequence[float]) -> Layer:
    """Return dashed lines through all rows, at a field named `at`."""
    scale = {"domain": list(domain), "nice": False}
    return {
        "data": {"values": list(values)},
        "mark": {"type": "rule", "strokeDash": [2, 3], "strokeWidth": 2, "stroke": "var(--ink)"},
        "encoding": {
            "x": {"field": "at", "type": "quantitative", "axis": None, "scale": scale},
            "y": {"value": 0},
            "y2": {"value": "height"},
        },
    }


def _labels(names: Sequence[str], numbers: Sequence[str], width: int) -> list[Layer]:
    """Return the names at the left above the bars, and the numbers at the right, cut so that they never meet."""
    left: list[Row] = [
        {"row": row, "words": _fitted(name, width / LETTER - len(number) - 2)}
        for row, (name, number) in enumerate(zip(names, numbers, strict=True))
    ]
    right: list[Row] = [{"row": row, "words": number} for row, number in enumerate(numbers)]
    text = {"type": "text", "yOffset": -8, "fontSize": 13, "baseline": "middle", "fill": "var(--ink)"}
    words = {"field": "words", "type": "nominal"}
    return [
        layer(left, {**text, "align": "left"}, {"x": {"value": 0}, "text": words}),
        layer(right, {**text, "align": "right"}, {"x": {"value": width}, "text": words}),
    ]


def _fitted(name: str, most: float) -> str:
    name, most = shown(name, longest=200), max(most, 6)
    if columns_of(name) <= most:
        return name
    while columns_of(name) >= most:
        name = name[:-1]
    return f"{name}…"


def drawn(
    name: str, layers: Sequence[Layer], names: Sequence[str], numbers: Sequence[str], top: int = 2
) -> Markup:
    """Draw layers for a phone and for wider screens; the page shows one of the two."""
    from vl_convert import vegalite_to_svg

    found = []
    for kind, width in WIDTHS.items():
        y = {"field": "row", "type": "ordinal", "axis": None, "scale": {"domain": list(range(len(names)))}}
        spec = {
            "width": width,
            "height": {"step": STEP},
            "padding": {"left": 6, "right": 6, "top": top, "bottom": 4},
            "autosize": "none",
            "background": None,
            "config": _CONFIG,
            "resolve": {"scale": {"fill": "independent", "stroke": "independent"}},
            "layer": [
                {**one, "encoding": {"y": y, **one["encoding"]}}
                for one in [*layers, *_labels(names, numbers, width)]
            ],
        }
        found.append(_inline(vegalite_to_svg(spec, allowed_base_urls=[]), name, kind))
    return Markup("\n").join(found)


_CONFIG = {
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "domainColor": "var(--line)",
        "gridColor": "var(--line)",
        "tickColor": "var(--line)",
        "labelColor": "var(--ink)",
        "labelFontSize": 12,
    },
}


def _inline(svg: str, name: str, kind: str) -> Markup:
    """Return a drawing as one image with a name, as wide as the page lets it be."""
    root = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    for element in root.iter(etree.Element):
        for attribute in [
            key for key in element.attrib if str(key) == "role" or str(key).startswith("aria-")
        ]:
            del element.attrib[attribute]
        if element.get("font-family"):
            del element.attrib["font-family"]
    for attribute in ("width", "height", "version"):
        del root.attrib[attribute]
    root.set("class", f"chart {kind}")
    root.set("role", "img")
    root.set("aria-label", shown(name, longest=500))
    title = etree.Element(f"{SVG}title")
    title.text = shown(name, longest=500)
    root.insert(0, title)
    etree.cleanup_namespaces(root)
    return Markup(etree.tostring(root, encoding="unicode"))  # noqa: S704 - written anew from a tree
