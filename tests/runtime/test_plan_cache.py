from __future__ import annotations

import errno
import logging
import os
from dataclasses import fields, replace
from pathlib import Path

import pytest

from avatard.errors import EngineError
from avatard.runtime.plan_cache import PlanCache, PlanKey, PlanMissingError

KEY = PlanKey("meshnet", "ab" * 32, "tensorrt 11.0", "NVIDIA H200", "9.0", "13.0", "tf32", "")
PLAN = bytes(range(256)) * 40 + b"\n{}\n"


def test_a_plan_is_found_again(cache: PlanCache) -> None:
    assert cache.load(KEY) is None
    cache.store(KEY, PLAN)
    assert PlanCache(cache.folder).load(KEY) == PLAN


def test_one_that_is_needed_and_missing_can_be_built(cache: PlanCache) -> None:
    with pytest.raises(PlanMissingError, match=r"tensorrt 11\.0 has no plan of meshnet yet") as failure:
        cache.need(KEY)
    assert failure.value.hint == "avatard engine build meshnet"
    cache.store(KEY, PLAN)
    assert cache.need(KEY) == PLAN


def test_a_newer_plan_takes_its_place(cache: PlanCache) -> None:
    cache.store(KEY, b"old")
    cache.store(KEY, PLAN)
    assert cache.load(KEY) == PLAN
    assert [path.name for path in cache.folder.iterdir()] == [cache.path(KEY).name]


@pytest.mark.parametrize("field", [field.name for field in fields(PlanKey)])
def test_everything_in_the_key_counts(cache: PlanCache, field: str) -> None:
    cache.store(KEY, PLAN)
    other = replace(KEY, **{field: "other"})
    assert cache.load(other) is None
    assert cache.load(KEY) == PLAN


@pytest.mark.parametrize("damage", ["truncated", "flipped", "longer", "empty", "other", "binary"])
def test_a_damaged_plan_is_deleted(cache: PlanCache, caplog: pytest.LogCaptureFixture, damage: str) -> None:
    path = cache.store(KEY, PLAN)
    data = path.read_bytes()
    flipped = data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]
    damaged = {
        "truncated": data[:-1], "flipped": flipped, "longer": data + b"x", "empty": b"", "other": PLAN,
        "binary": b"\xff\n" + data,
    }  # fmt: skip
    path.write_bytes(damaged[damage])
    with caplog.at_level(logging.WARNING):
        assert cache.load(KEY) is None
    assert "damaged or of another machine: deleted" in caplog.text
    assert not path.exists()


def test_a_plan_copied_from_another_gpu_is_deleted(cache: PlanCache, tmp_path: Path) -> None:
    elsewhere = PlanCache(tmp_path / "elsewhere")
    copied = elsewhere.store(replace(KEY, gpu="GeForce RTX 4090", compute_capability="8.9"), PLAN).read_bytes()
    cache.store(KEY, PLAN).write_bytes(copied)
    assert cache.load(KEY) is None
    assert not cache.path(KEY).exists()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = PlanCache(tmp_path / "file" / "plans")
    with pytest.raises(EngineError, match=r"cannot be kept in .*: Not a directory") as failure:
        cache.store(KEY, PLAN)
    assert "let this user write" in failure.value.hint
    assert cache.load(KEY) is None
    cache.discard(KEY)


def test_a_plan_that_cannot_be_read_is_none(cache: PlanCache, caplog: pytest.LogCaptureFixture) -> None:
    cache.path(KEY).mkdir(parents=True)
    with caplog.at_level(logging.WARNING):
        assert cache.load(KEY) is None
    assert "cannot be read" in caplog.text


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_full_disk_keeps_the_old_plan_and_leaves_no_rest(
    cache: PlanCache, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    cache.store(KEY, b"old")

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, failing, full)
    with pytest.raises(EngineError, match="No space left on device") as failure:
        cache.store(KEY, PLAN)
    assert "Free 1 MB" in failure.value.hint
    assert cache.load(KEY) == b"old"
    assert len(list(cache.folder.iterdir())) == 1


def test_the_folder_is_the_users_alone(cache: PlanCache) -> None:
    cache.store(KEY, PLAN)
    if os.name == "posix":
        assert cache.folder.stat().st_mode & 0o077 == 0
        assert cache.path(KEY).stat().st_mode & 0o077 == 0


def test_the_default_folder_is_the_users_cache() -> None:
    assert PlanCache().folder.parts[-2:] == ("avatard", "plans")
