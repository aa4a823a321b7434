from __future__ import annotations

from typing import Any

import pytest

from benchmarks.reenactment.targets import challengers, judge


def total(**changed: dict[str, float | None]) -> dict[str, Any]:
    """An engine that does as it should, against a `mesh` of 20 dB and 1 grey level of flicker."""
    good: dict[str, Any] = {
        "psnr_db": {"mouth": 22.5, "eyes": 21.5, "face": 20.0},
        "flicker": {"face": 1.0, "mouth": 1.05, "eyes": 0.5},
        "correlation": {"mouth_open": 0.96, "lids": 0.9, "gaze_x": 0.8, "mouth_width": 0.1},
        "sharpness": {"face": 0.95, "mouth": 2.0, "eyes": 0.9},
        "sharpness_portrait": {"face": 0.9, "mouth": 1.1, "eyes": 0.92},
    }
    return {key: {**values, **changed.get(key, {})} for key, values in good.items()}


MESH = {**total(), "psnr_db": dict.fromkeys(("mouth", "eyes", "face"), 20.0), "flicker": total()["flicker"]}


def missed(own: dict[str, Any], cross: dict[str, Any] | None = None) -> list[str]:
    totals = {"meshnet": cross} if cross else {}
    return [v.what for v in judge("meshnet", {"mesh": MESH, "meshnet": own}, totals) if not v.ok]


def test_an_engine_that_reaches_all_is_passed() -> None:
    assert missed(total(), total()) == []


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"psnr_db": {"mouth": 21.9}}, "meshnet: mouth PSNR over mesh"),
        ({"psnr_db": {"eyes": 20.9}}, "meshnet: eyes PSNR over mesh"),
        ({"psnr_db": {"face": 19.9}}, "meshnet: face PSNR over mesh"),
        ({"flicker": {"mouth": 1.2}}, "meshnet: mouth flicker over mesh"),
        ({"correlation": {"mouth_open": 0.94}}, "meshnet: mouth_open correlation, own"),
        ({"correlation": {"lids": 0.84}}, "meshnet: lids correlation, own"),
        ({"correlation": {"gaze_x": 0.79}}, "meshnet: gaze_x correlation, own"),
        ({"sharpness": {"eyes": 0.89}}, "meshnet: eyes sharpness, own"),
        ({"sharpness_portrait": {"face": 0.89}}, "meshnet: face sharpness beside the portrait, own"),
    ],
)
def test_each_target_can_be_missed(changed: dict[str, dict[str, float | None]], what: str) -> None:
    assert missed(total(**changed)) == [what]


def test_cross_driving_is_judged_too_where_it_was_run() -> None:
    assert missed(total(), total(correlation={"gaze_x": 0.5})) == ["meshnet: gaze_x correlation, cross"]


def test_what_was_not_measured_is_not_judged() -> None:
    unmeasured = total(correlation={"gaze_x": None}, psnr_db={"mouth": None}, flicker={"eyes": None})
    judged = [v.what for v in judge("meshnet", {"mesh": MESH, "meshnet": unmeasured}, {})]
    assert len(judged) == 15 - 3
    assert not any("gaze" in what or "mouth PSNR" in what or "eyes flicker" in what for what in judged)


def test_copy_and_mesh_are_what_others_are_judged_by() -> None:
    assert challengers(["copy", "mesh", "meshnet", "other"]) == ["meshnet", "other"]
