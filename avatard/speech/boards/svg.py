"""An SVG picture, built anew from what is known to be harmless: shapes, text, paint, and styles for them.

What is not on the lists here is left out with all that is in it: scripts, event handlers, foreign content, animation,
filters, and every address that leads out of the picture. expat, which Python brings, reads; it fetches nothing.

There is no library that does it. nh3 is made for HTML; defusedxml knows nothing of SVG; svg-hush (py-svg-hush 0.3.0,
tried in 2026) keeps addresses on the same server and took all the memory for 200,000 groups inside each other.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from avatard.speech.boards.json_text import refuse
from avatard.speech.boards.svg_names import ATTRIBUTES, ELEMENTS, PROPERTIES, TEXT_IN

MAX_BYTES: Final = 4_000_000
_MAX_ELEMENTS: Final = 50_000
_MAX_DEPTH: Final = 64
#: Elements that are drawn once each `use` has become what it stands for: ten of ten of ten … takes a browser down.
_MAX_DRAWN: Final = 200_000
_MAX_USES_DEEP: Final = 16

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
#: Left out, but not what is in them.
_TRANSPARENT: Final = frozenset({"a", "switch"})

_FRAGMENT: Final = re.compile(r"#[\w.:-]+\Z")
_OWN_PAINT: Final = re.compile(r"url\(\s*(['\"]?)#([\w.:-]+)\1\s*\)", re.IGNORECASE)
_FUNCTION: Final = re.compile(
    r"\b(?:rgba?|hsla?|matrix|translate[XY]?|scale[XY]?|rotate|skew[XY])\([\w\s.,%+/-]*\)", re.IGNORECASE
)
_PLAIN: Final = re.compile(r"[\w\s.,#%+*'\"!/:;-]*\Z")
_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_SELECTOR: Final = re.compile(r"[\w\s.#,>*:()-]+\Z")


class _UnfitError(Exception):
    """Why it is no picture for us."""


def clean(data: bytes, where: str, is_picture: Callable[[str], bool]) -> bytes:
    """The SVG picture `data` without what could do anything. The same again changes nothing.

    is_picture: whether the data: URI of an embedded picture is one that may stay. Raises BoardError for what is no
    SVG, too large, nested too deep, or grows while it is drawn.
    """
    if len(data) > MAX_BYTES:
        refuse(where, f"an SVG picture of {len(data) / 1e6:.0f} MB, {MAX_BYTES // 1_000_000} MB are the most")
    builder = _Builder(is_picture)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.EntityDeclHandler = builder.entity
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    try:
        parser.Parse(data, True)
        return builder.finish()
    except expat.ExpatError as e:
        refuse(where, f"the SVG picture is broken (line {e.lineno})")
    except (_UnfitError, LookupError, ValueError) as e:  # an unknown encoding is either of the latter
        refuse(where, f"the SVG picture cannot be used: {e}")


class _Builder:
    def __init__(self, is_picture: Callable[[str], bool]) -> None:
        self._is_picture = is_picture
        self._out: list[str] = []
        self._open: list[str] = []  # as written; "" where only its content is
        self._ids: list[str] = [""]  # of those open, and the whole
        self._has_id: list[bool] = []
        self._skipped = 0  # how deep inside of something left out
        self._elements = 0
        self._style: list[str] | None = None
        self._drawn: Counter[str] = Counter()
        self._uses: defaultdict[str, list[str]] = defaultdict(list)

    def entity(self, *_: object) -> None:
        """Entities are how a kilobyte becomes a gigabyte, and how files of this machine get into a picture."""
        raise _UnfitError("it defines entities")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        self._elements += 1
        if self._elements > _MAX_ELEMENTS:
            raise _UnfitError(f"more than {_MAX_ELEMENTS} elements")
        if len(self._open) + self._skipped >= _MAX_DEPTH:
            raise _UnfitError(f"nested deeper than {_MAX_DEPTH} levels")
        if not self._open and (local != "svg" or space not in ("", _SVG)):
            raise _UnfitError("it is none")
        known = space in ("", _SVG) and (local in ELEMENTS or local in _TRANSPARENT)
        if self._skipped or self._style is not None or not known:
            self._skipped += 1
            return
        if local in _TRANSPARENT:
            self._open.append("")
            self._has_id.append(False)
            return
        kept = dict(filter(None, (self._attribute(local, *pair) for pair in attributes.items())))
        self._open.append(local)
        self._has_id.append("id" in kept)
        if "id" in kept:
            self._ids.append(kept["id"])
        self._count(kept)
        if local == "style":
            self._style = []
        first = f' xmlns="{_SVG}"' if len(self._open) == 1 else ""
        self._out.append(f"<{local}{first}{''.join(f' {n}={quoteattr(v)}' for n, v in kept.items())}>")

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        local = self._open.pop()
        if self._has_id.pop():
            self._ids.pop()
        if local == "style":
            self._out.append(escape(_clean_rules("".join(self._style or ()))))
            self._style = None
        if local:
            self._out.append(f"</{local}>")

    def characters(self, text: str) -> None:
        if self._skipped:
            return
        if self._style is not None:
            self._style.append(text)
        elif self._open and next((name for name in reversed(self._open) if name), "") in TEXT_IN:
            self._out.append(escape(text))

    def finish(self) -> bytes:
        """What was built. Raises _UnfitError for what grows while it is drawn."""
        if self._all_drawn("", 0, {}) > _MAX_DRAWN:
            raise _UnfitError(f"it draws more than {_MAX_DRAWN} elements")
        return "".join(self._out).encode()

    def _attribute(self, element: str, name: str, value: str) -> tuple[str, str] | None:
        space, _, local = name.rpartition(" ")
        if local == "href" and space in ("", _XLINK):
            own = _FRAGMENT.match(value) or (element == "image" and self._is_picture(value))
            return ("href", value) if own else None
        if space == _XML and local in ("space", "lang"):
            return f"xml:{local}", value
        if space:
            return None
        if local == "style":
            return "style", _clean_declarations(value)
        return (local, value) if local in ATTRIBUTES and _is_harmless(value) else None

    def _count(self, kept: dict[str, str]) -> None:
        """What this element adds to itself and to those it is in: one, and what it shows of others."""
        targets = [found[1] for value in kept.values() for found in _OWN_PAINT.findall(value)]
        if kept.get("href", "").startswith("#"):
            targets.append(kept["href"][1:])
        for id_ in self._ids:
            self._drawn[id_] += 1
            self._uses[id_] += targets

    def _all_drawn(self, id_: str, deep: int, known: dict[str, int]) -> int:
        if deep > _MAX_USES_DEEP:
            raise _UnfitError("what it uses is nested too deep, or itself")
        if id_ not in known:
            total = self._drawn[id_]
            for target, times in Counter(self._uses[id_]).items():
                total += times * self._all_drawn(target, deep + 1, known)
            known[id_] = min(total, _MAX_DRAWN + 1)
        return known[id_]


def _is_harmless(value: str) -> bool:
    """Whether it asks for nothing: numbers, words, colours, paint of this very picture."""
    return _PLAIN.match(_FUNCTION.sub("", _OWN_PAINT.sub("", value))) is not None


def _clean_declarations(text: str) -> str:
    kept = []
    for declaration in _COMMENT.sub("", text).split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name.lower() in PROPERTIES and _is_harmless(value):
            kept.append(f"{name}:{value}")
    return ";".join(kept)


def _clean_rules(text: str) -> str:
    rules = []
    for rule in _COMMENT.sub("", text).split("}"):
        selector, _, body = rule.rpartition("{")  # of rules in rules, such as @media, the first is left out
        if _SELECTOR.match(selector):
            rules.append(f"{selector.strip()}{{{_clean_declarations(body)}}}")
    return "\n".join(rules)
