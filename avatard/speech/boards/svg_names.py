"""What may stay in an SVG picture: names of elements, attributes and style properties, as of SVG 2 and 1.1."""

from __future__ import annotations

from typing import Final


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Where text is content; anywhere else it is white space or a mistake.
TEXT_IN: Final = frozenset({"text", "tspan", "textPath", "title", "desc"})

ELEMENTS: Final = TEXT_IN | _names(
    """
    svg g defs symbol use style
    path rect circle ellipse line polyline polygon image
    linearGradient radialGradient stop pattern clipPath mask marker
    """
)

#: They are attributes too.
PROPERTIES: Final = _names(
    """
    clip-path clip-rule color color-interpolation cursor direction display dominant-baseline enable-background
    alignment-baseline baseline-shift fill fill-opacity fill-rule font font-family font-size font-stretch font-style
    font-variant font-weight image-rendering isolation letter-spacing line-height marker marker-end marker-mid
    marker-start mask mask-type mix-blend-mode opacity overflow paint-order pointer-events shape-rendering stop-color
    stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit
    stroke-opacity stroke-width text-align text-anchor text-decoration text-rendering transform transform-origin
    unicode-bidi vector-effect visibility white-space word-spacing writing-mode
    """
)

ATTRIBUTES: Final = PROPERTIES | _names(
    """
    id class version viewBox preserveAspectRatio x y width height rx ry cx cy r x1 y1 x2 y2 fx fy fr d points
    pathLength dx dy rotate textLength lengthAdjust startOffset method spacing side
    offset gradientUnits gradientTransform spreadMethod
    patternUnits patternContentUnits patternTransform clipPathUnits maskUnits maskContentUnits
    markerWidth markerHeight markerUnits refX refY orient type media
    """
)
