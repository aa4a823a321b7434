from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from avatard.bench.judge import judge
from avatard.bench.page import page
from avatard.bench.result import Result, Setup


def test_the_page_stands_alone(result: Result) -> None:
    text = page(result, judge(result))
    assert text.count("<svg") == 2
    assert not re.findall(r'(?:src|href)="https?:', re.sub(r"<svg.*?</svg>", "", text, flags=re.S))
    assert "<script" not in text
    assert "all 10 limits kept" in text


def test_a_broken_limit_is_marked(changed: Callable[..., Result]) -> None:
    broken = changed(fps=10.0)
    text = page(broken, judge(broken))
    assert "1 of 10 limits broken" in text
    assert '<tr class="broken"><td>frames a second' in text


def test_names_of_files_are_no_markup(result: Result) -> None:
    evil = replace(result, setup=Setup("file:<script>alert(1)</script>.mp4", "null", "1280x720@30", "mira"))
    assert "<script" not in page(evil, judge(evil))


@pytest.mark.parametrize("ages", [[], [12.0]])
def test_a_run_with_hardly_a_picture_still_makes_a_page(changed: Callable[..., Result], ages: list[float]) -> None:
    few = changed(age_series_ms=ages)
    assert "<svg" in page(few, judge(few))
