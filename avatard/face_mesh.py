"""The landmark indices of MediaPipe's 478-point face mesh that more than one stage speaks of.

Left and right are the subject's own. Order within a list is that of the ring, as its name says.
"""

from __future__ import annotations

from typing import Final

#: Outline of the face, clockwise from the forehead's top as seen in the picture.
OVAL: Final = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip

#: Points that hardly move with expression: forehead, temples, nose bridge, eye corners. For solving the head's pose.
RIGID: Final = (
    10, 338, 297, 284, 251, 389, 356, 454, 162, 127, 234, 93, 54, 103, 67, 109, 151, 9, 8, 168,
    6, 197, 195, 5, 4, 1, 33, 133, 362, 263,
)  # fmt: skip

#: Inner lip ring: right corner, along the upper lip to the left corner, back along the lower lip.
INNER_LIPS: Final = (
    78,
    191,
    80,
    81,
    82,
    13,
    312,
    311,
    310,
    415,
    308,
    324,
    318,
    402,
    317,
    14,
    87,
    178,
    88,
    95,
)

#: Outer lip ring, same order.
OUTER_LIPS: Final = (
    61,
    185,
    40,
    39,
    37,
    0,
    267,
    269,
    270,
    409,
    291,
    375,
    321,
    405,
    314,
    17,
    84,
    181,
    91,
    146,
)

#: Eye rings: outer corner, along the upper lid to the inner corner, back along the lower lid.
RIGHT_EYE: Final = (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7)
LEFT_EYE: Final = (263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249)

#: Iris: centre, then four points of its rim.
RIGHT_IRIS: Final = (468, 469, 470, 471, 472)
LEFT_IRIS: Final = (473, 474, 475, 476, 477)

#: Brows, outer to inner end, upper edge then lower edge.
RIGHT_BROW: Final = (70, 63, 105, 66, 107, 46, 53, 52, 65, 55)
LEFT_BROW: Final = (300, 293, 334, 296, 336, 276, 283, 282, 295, 285)

#: Skin of the cheeks and nose, for colour.
CHEEKS: Final = (50, 280, 205, 425, 4, 9)
