"""SVG pictures with something in them that could do harm, and what is left of each."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from avatard.errors import BoardError
from avatard.speech.boards import svg

NS = 'xmlns="http://www.w3.org/2000/svg"'
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
HEAD = f"<svg {NS}>"


def no_pictures(uri: str) -> bool:
    return False


def cleaned(inner: str, root: str = HEAD) -> str:
    """What is left inside of the root."""
    text = svg.clean(f"{root}{inner}</svg>".encode(), "x", no_pictures).decode()
    assert text.startswith(HEAD)
    assert svg.clean(text.encode(), "x", no_pictures).decode() == text
    ElementTree.fromstring(text)
    return text[len(HEAD) : -len("</svg>")]


def refusal(data: bytes) -> str:
    with pytest.raises(BoardError) as refused:
        svg.clean(data, "x", no_pictures)
    return refused.value.message


def test_a_drawing_stays_what_it_is() -> None:
    drawing = (
        '<defs><linearGradient id="g" x1="0" x2="1"><stop offset="0" stop-color="#fff"></stop></linearGradient></defs>'
        '<style>.st0{fill:#FFFFFF;stroke:url(#g)}\n.st1, g path{stroke-width:2.5px}</style>'
        '<g id="a" transform="translate(1,2) rotate(-3)"><path d="M-1.5e3,2 L3 4z" fill="rgb(1, 2, 3)"></path></g>'
        '<use href="#a" x="3"></use><text x="1" style="font-family:\'Noto Sans\', sans-serif;fill:red">1 &lt; 2</text>'
        "<title>a cat</title>"
    )  # fmt: skip
    assert cleaned(drawing) == drawing


@pytest.mark.parametrize(
    ("harm", "left"),
    [
        ("<script>alert(1)</script><g/>", "<g></g>"),
        ("<g><script><g>1</g></script></g>", "<g></g>"),
        ('<rect onclick="x()" onload="y()" width="3"/>', '<rect width="3"></rect>'),
        ("<foreignObject><b xmlns='http://www.w3.org/1999/xhtml' onclick='x()'>1</b></foreignObject>", ""),
        ("<iframe xmlns='http://www.w3.org/1999/xhtml' src='x'/>", ""),
        ('<set attributeName="href" to="javascript:x"/><animate values="1"/>', ""),
        ('<a href="javascript:alert(1)"><rect width="1"/></a>', '<rect width="1"></rect>'),
        ('<filter id="f"><feImage href="https://example.org/x"/></filter>', ""),
        ('<rect filter="url(#f)" fill="url(https://example.org/x)"/>', "<rect></rect>"),
        ('<rect style="fill:url(//example.org/x);stroke:red"/>', '<rect style="stroke:red"></rect>'),
        ('<rect style="fill:u\\72l(//example.org/x)"/>', '<rect style=""></rect>'),
        ('<rect style="fill:url(#a) url(/x)"/>', '<rect style=""></rect>'),
        ('<rect style="fill:image-set(\'x.png\' 1x);-moz-binding:red"/>', '<rect style=""></rect>'),
        ('<use href="https://example.org/a.svg#b"/>', "<use></use>"),
        (f'<use {XLINK} xlink:href="/a.svg#b"/>', "<use></use>"),
        (f'<use {XLINK} xlink:href="#b"/>', '<use href="#b"></use>'),
        ('<image href="https://example.org/x.png"/>', "<image></image>"),
        ('<image href="data:image/svg+xml;base64,PHN2Zy8+"/>', "<image></image>"),
        ('<path href="data:text/html,x" d="M0"/>', '<path d="M0"></path>'),
        ("<style>@import url(//example.org/x.css);</style>", "<style></style>"),
        ("<style>@import 'x'; .a{fill:red}.b{fill:blue}</style>", "<style>.b{fill:blue}</style>"),
        ("<style>@font-face{font-family:x;src:url(/f)}</style>", "<style></style>"),
        ("<style>.a{fill:red/*;*/;background:url(/x)}</style>", "<style>.a{fill:red}</style>"),
        ("<style>.a{fill:red}/* .b{fill:url(/x)}</style>", "<style>.a{fill:red}</style>"),
        ("<style><![CDATA[</style><script>x</script>.a{fill:red}]]></style>", "<style></style>"),
        ("<style>.a{}<g>.b{fill:red}</g></style>", "<style>.a{}</style>"),
        ("<metadata><rdf:RDF xmlns:rdf='x'>y</rdf:RDF></metadata>stray", ""),
        ("<?xml-stylesheet href='https://example.org/x.css'?><!-- c -->", ""),
        ("<image xml:base='https://example.org/' href='#x' xml:space='preserve'/>",
         '<image href="#x" xml:space="preserve"></image>'),
        ('<rect xmlns:e="other" e:width="1" e:href="#x" data-x="1"/>', "<rect></rect>"),
        ("<text>&lt;script&gt;&amp;</text>", "<text>&lt;script&gt;&amp;</text>"),
        ("<rect id='\"&gt;&lt;script&gt;'/>", "<rect></rect>"),
    ],
)  # fmt: skip
def test_harm_is_left_out(harm: str, left: str) -> None:
    assert cleaned(harm) == left


def test_a_long_text_without_rules_takes_no_time() -> None:
    assert cleaned(f"<style>{'a' * 1_000_000}</style>") == "<style></style>"
    assert cleaned(f"<rect style='{'a:' * 500_000}' d='{'url(#' * 100_000}{'rotate(' * 100_000}'/>").startswith("<rect")


def test_names_in_a_prefix_are_seen_through() -> None:
    data = b'<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:script>x</s:script><s:rect width="2"/></s:svg>'
    assert svg.clean(data, "x", no_pictures) == f'{HEAD}<rect width="2"></rect></svg>'.encode()


def test_a_document_type_is_read_over_and_never_fetched() -> None:
    kind = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://example.org/svg11.dtd">'
    data = f'<?xml version="1.0" encoding="ISO-8859-1"?>{kind}{HEAD}<title>\xe9</title></svg>'.encode("latin-1")
    assert svg.clean(data, "x", no_pictures).decode() == f"{HEAD}<title>\xe9</title></svg>"


def test_pictures_inside_stay_where_they_are_pictures() -> None:
    data = f'{HEAD}<image href="data:a"/><image href="data:b"/><path href="data:a"/></svg>'.encode()
    left = svg.clean(data, "x", lambda uri: uri == "data:a").decode()
    assert left == f'{HEAD}<image href="data:a"></image><image></image><path></path></svg>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "broken"),
        (b"<svg", "broken"),
        (bytes(range(256)), "broken"),
        (b"<html><body/></html>", "cannot be used: it is none"),
        (b'<svg xmlns="other"/>', "cannot be used: it is none"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "it defines entities"),
        (b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>', "it defines entities"),
        (b'<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://example.org/x">%a;]><svg/>', "it defines entities"),
        (b'<?xml version="1.0" encoding="klingon"?><svg/>', ""),
        (b"<svg>" + b"<g>" * 200_000 + b"</g>" * 200_000 + b"</svg>", "nested deeper than 64 levels"),
        (b"<svg>" + b"<x>" * 200_000 + b"</x>" * 200_000 + b"</svg>", "nested deeper than 64 levels"),
        (b"<svg>" + b"<g/>" * 50_000 + b"</svg>", "more than 50000 elements"),
        (b"<svg>" + b" " * svg.MAX_BYTES + b"</svg>", "an SVG picture of 4 MB"),
        (b'<svg><g id="a"><use href="#a"/></g></svg>', "nested too deep, or itself"),
        (b'<svg><pattern id="a" fill="url(#b)"/><pattern id="b" fill="url(\'#a\')"/></svg>', "or itself"),
        (
            b"<svg>" + b"".join(b'<g id="g%d">' % n + b'<use href="#g%d"/>' % (n + 1) * 10 + b"</g>" for n in range(9))
            + b'<g id="g9"/></svg>',
            "it draws more than 200000 elements",
        ),
    ],
    ids=range(16),
)  # fmt: skip
def test_what_is_no_picture_for_us(data: bytes, why: str) -> None:
    message = refusal(data)
    assert message.startswith("x: ")
    assert why in message
