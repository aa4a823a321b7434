from __future__ import annotations

from typing import get_args

import pytest

from avatard.config import Provider
from avatard.errors import EngineError
from avatard.runtime.providers import ORDER, PLANNED, get_plan_provider, get_provider, look


def test_the_settings_know_every_provider() -> None:
    assert get_args(Provider) == ("auto", *ORDER)


@pytest.mark.parametrize("name", ORDER)
def test_each_says_what_it_is_or_why_not(name: str) -> None:
    assert get_provider(name).name == name
    found = look(name)
    assert bool(found.what) != bool(found.why_not)
    assert bool(found.why_not) == bool(found.fix)


def test_the_cpu_always_loads() -> None:
    assert look("cpu").what.startswith("ONNX Runtime ")


@pytest.mark.parametrize("name", PLANNED)
def test_those_with_plans(name: str) -> None:
    assert get_plan_provider(name).name == name


def test_one_that_does_not_exist() -> None:
    with pytest.raises(EngineError, match="'quantum'") as failure:
        get_provider("quantum")
    assert "openvino" in failure.value.hint
    assert look("quantum").why_not
    with pytest.raises(EngineError, match="no provider is called 'quantum'"):
        get_plan_provider("quantum")
