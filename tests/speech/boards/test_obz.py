"""Archives that somebody made to harm, each refused when it is opened or read."""

from __future__ import annotations

import io
import stat
import struct
import zipfile

import pytest

from avatard.errors import BoardError
from avatard.speech.boards import obz
from avatard.speech.boards.obz import Archive, is_archive, is_plain, write_archive


def archive(*entries: tuple[str | zipfile.ZipInfo, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as z:
        for name, data in entries:
            z.writestr(name, data)
    return out.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(BoardError) as refused:
        for _ in Archive(data, "x").values():
            pass
    assert refused.value.message.startswith("x: ")
    assert refused.value.hint
    return refused.value.message[3:]


def test_files_come_in_their_order() -> None:
    data = archive(("b/2.obf", b"two"), ("a.png", b"\0" * 5000), ("b/", b""), ("__MACOSX/b/._2.obf", b"?"))
    opened = Archive(data, "x")
    assert is_archive(data)
    assert dict(opened) == {"b/2.obf": b"two", "a.png": b"\0" * 5000}
    assert list(opened) == ["b/2.obf", "a.png"]
    assert "c" not in opened


def test_the_same_files_give_the_same_bytes() -> None:
    once, twice = io.BytesIO(), io.BytesIO()
    for out in (once, twice):
        write_archive([("a", b"1"), ("ü/b", b"2")], out)
    assert once.getvalue() == twice.getvalue()
    assert dict(Archive(once.getvalue(), "x")) == {"a": b"1", "ü/b": b"2"}


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../a",
        "a/../../b",
        "a\\b",
        "C:a",
        "a//b",
        "./a",
        "a/.",
        "a/..",
        " ",
        "a\nb",
        "a:b",
    ],
)
def test_names_that_lead_elsewhere(name: str) -> None:
    assert not is_plain(name)
    assert "is no plain path" in refusal(archive((name, b"")))


def test_a_name_that_is_cut_at_a_zero_byte() -> None:
    data = archive(("aXb", b"")).replace(b"aXb", b"a\0b")
    assert "is no plain path" in refusal(data)


def test_a_file_without_a_name() -> None:
    """zipfile cuts a name at a zero byte; here nothing is left of it."""
    data = bytearray(archive(("a", b"")))
    data[data.index(b"PK\x01\x02") + 46] = 0
    assert refusal(bytes(data)) == "'\\x00' is no plain path"


def test_a_name_that_comes_twice() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = archive(("a", b"1"), ("a", b"2"))
    assert refusal(data) == "'a' is in it twice"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices(kind: int) -> None:
    entry = zipfile.ZipInfo("a")
    entry.create_system = 3
    entry.external_attr = (kind | 0o777) << 16
    assert refusal(archive((entry, b"/etc/passwd"))) == "'a' is a link or a device"


def test_encrypted() -> None:
    data = bytearray(archive(("a", b"1")))
    for at in (data.index(b"PK\x01\x02") + 8, data.index(b"PK\x03\x04") + 6):
        data[at] |= 1
    assert refusal(bytes(data)) == "'a' is encrypted"


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compression(compression: int) -> None:
    assert refusal(archive(("a", b"1"), compression=compression)) == "'a' is packed in an unusual way"


def test_a_bomb_is_seen_before_it_is_inflated() -> None:
    assert "so densely" in refusal(archive(("a", b"\0" * 10_000_000)))


def test_one_file_too_large() -> None:
    assert refusal(archive(("a", b"\0" * (obz.MAX_ENTRY + 1)))) == "'a' has 32 MB, 32 MB are the most"


def test_all_together_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(obz, "MAX_TOTAL", 1_500_000)
    stored = [(name, b"\0" * 1_000_000) for name in "ab"]
    assert "unpacked are too much" in refusal(archive(*stored, compression=zipfile.ZIP_STORED))


def test_the_archive_itself_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(obz, "MAX_BYTES", 100)
    assert "MB are too much" in refusal(archive(("a", bytes(range(256)))))


def test_too_many_files_whatever_the_archive_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(obz, "MAX_ENTRIES", 3)
    assert len(Archive(archive(*[(str(n), b"") for n in range(3)]), "x")) == 3
    assert refusal(archive(*[(str(n), b"") for n in range(4)])) == "more than 3 files"


def test_a_file_that_is_larger_than_the_archive_says() -> None:
    data = bytearray(archive(("a", b"1" * 5000)))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 10)
    assert refusal(bytes(data)) == "'a' in it is damaged"


def test_a_damaged_file() -> None:
    data = bytearray(archive(("a", b"12345"), compression=zipfile.ZIP_STORED))
    data[data.index(b"12345")] ^= 1
    assert refusal(bytes(data)) == "'a' in it is damaged"


@pytest.mark.parametrize("data", [b"PK", b"PK\x05\x06" + bytes(18)[:10], b"PK\x03\x04" + bytes(40)])
def test_no_archive_at_all(data: bytes) -> None:
    assert refusal(data) == "not a sound zip archive"
