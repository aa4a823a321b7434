from __future__ import annotations

import functools
import hashlib
import io
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from avatard import canonical, geometry
from avatard.avatar import Subject
from avatard.avatars.store import FindFaces, Store
from avatard.errors import AvatarError, ConsentError
from avatard.face import Face, Pose
from avatard.frame import Picture


def face_at(x: float, y: float, size: float, yaw: float = 0.0, pitch: float = 0.0) -> Face:
    """The canonical head, open eyes and closed lips, `size` pixels from eye to eye."""
    rotation = geometry.rotation_matrix(np.radians(yaw), np.radians(pitch), 0.0)
    points = canonical.neutral() @ rotation.T * size + (x, y, 0.0)
    return Face(points.astype(np.float32), Pose(rotation, np.array([x, y, 0.0]), size), 1.0, 0, 0)


def finds(*faces: Face) -> FindFaces:
    def find_faces(picture: Picture) -> Sequence[Face]:
        return faces

    return find_faces


ONE = finds(face_at(300, 300, 100))


@functools.cache
def png(width: int = 600, height: int = 700) -> bytes:
    rng = np.random.default_rng(1)
    out = io.BytesIO()
    Image.fromarray(rng.integers(0, 255, (height, width, 3), dtype=np.uint8)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shipped")
    (folder / "mira.png").write_bytes(png(300, 300))
    np.save(folder / "mira.npy", np.ones((478, 3), np.float32))
    (folder / "avatars.toml").write_text(
        f'[[avatar]]\nname = "mira"\nfile = "mira.png"\nsha256 = "{hashlib.sha256(png(300, 300)).hexdigest()}"\n'
        'subject = "synthetic_person"\ndescription = "A woman with a fringe"\nlicence = "CC0-1.0"\n'
    )
    return folder


@pytest.fixture
def store(tmp_path: Path, shipped: Path) -> Store:
    return Store(tmp_path / "data" / "avatars", shipped, tmp_path / "cache" / "features")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    file = tmp_path / "me.png"
    file.write_bytes(png())
    return file


def test_a_shipped_avatar_loads(store: Store) -> None:
    avatar = store.load("mira")
    assert avatar.pixels.shape == (300, 300, 3)
    assert avatar.landmarks.shape == (478, 3)
    assert avatar.subject is Subject.SYNTHETIC_PERSON
    assert [entry.name for entry in store.list().entries] == ["mira"]


def test_what_is_added_loads_as_it_was(store: Store, picture: Path) -> None:
    report = store.add(picture, "me", Subject.SELF, ONE, "at work")
    assert (report.faces, report.problems) == (1, ())
    avatar = store.load("me")
    assert avatar.pixels.shape == (700, 600, 3)
    np.testing.assert_array_equal(avatar.landmarks, ONE(avatar.pixels)[0].landmarks)
    assert avatar.subject is Subject.SELF
    assert avatar.sha256 == hashlib.sha256(picture.read_bytes()).hexdigest()
    assert [entry.name for entry in store.list().entries] == ["mira", "me"]
    assert store.entry("me").description == "at work"


def test_the_copy_is_named_after_its_content_and_keeps_its_bytes(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "lies.png"
    Image.new("RGB", (600, 700), (200, 150, 120)).save(file, "JPEG")
    store.add(file, "me", Subject.SELF, ONE)
    assert store.entry("me").portrait.name == "portrait.jpg"
    assert store.entry("me").portrait.read_bytes() == file.read_bytes()


def test_without_a_subject_nothing_is_added_and_the_choices_are_explained(store: Store, picture: Path) -> None:
    with pytest.raises(ConsentError) as caught:
        store.add(picture, "me", None, ONE)
    for subject in Subject:
        assert subject.value in caught.value.hint
    assert [entry.name for entry in store.list().entries] == ["mira"]


@pytest.mark.parametrize(
    "name", ["", "..", "../me", "a/b", "Me", "me.png", "-me", "me-", "a" * 33, "me\n", "mé", ".hidden", "con\0"]
)
def test_a_name_is_never_a_path(store: Store, picture: Path, name: str, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    for act in (
        lambda: store.add(picture, name, Subject.SELF, ONE),
        lambda: store.load(name),
        lambda: store.remove(name),
    ):
        with pytest.raises(AvatarError, match="is no name"):
            act()
    assert sorted(tmp_path.rglob("*")) == before


def test_a_name_that_is_taken_is_refused(store: Store, picture: Path) -> None:
    store.add(picture, "me", Subject.SELF, ONE)
    for name in ("me", "mira"):
        with pytest.raises(AvatarError, match="already"):
            store.add(picture, name, Subject.SELF, ONE)


def test_an_unfit_portrait_says_everything_that_is_wrong_and_leaves_nothing(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "small.png"
    file.write_bytes(png(200, 200))
    with pytest.raises(AvatarError) as caught:
        store.add(file, "me", Subject.SELF, finds(face_at(100, 100, 20, yaw=40)))
    for words in ("200x200", "pixels high", "turned 40°"):
        assert words in caught.value.message
    assert [p.name for p in (tmp_path / "data" / "avatars").iterdir()] == []


def _broken(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:2000])


def _text(file: Path) -> None:
    file.write_text("this is no picture")


def _gif(file: Path) -> None:
    Image.new("P", (600, 700)).save(file, "GIF")


@pytest.mark.parametrize("spoil", [_broken, _text, _gif, Path.unlink])
def test_what_is_no_picture_is_refused_and_leaves_nothing(
    store: Store, picture: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(picture)
    with pytest.raises(AvatarError):
        store.add(picture, "me", Subject.SELF, ONE)
    assert [entry.name for entry in store.list().entries] == ["mira"]


def test_a_face_finder_that_fails_leaves_nothing(store: Store, picture: Path, tmp_path: Path) -> None:
    def fails(picture: Picture) -> Sequence[Face]:
        raise RuntimeError("no model")

    with pytest.raises(RuntimeError):
        store.add(picture, "me", Subject.SELF, fails)
    assert list((tmp_path / "data" / "avatars").iterdir()) == []


def test_unknown_avatars_name_the_known(store: Store) -> None:
    with pytest.raises(AvatarError, match="no avatar nobody") as caught:
        store.load("nobody")
    assert "mira" in caught.value.hint


def test_remove_removes_the_users_and_refuses_the_shipped(store: Store, picture: Path, tmp_path: Path) -> None:
    store.add(picture, "me", Subject.SELF, ONE)
    store.remove("me")
    assert list((tmp_path / "data" / "avatars").iterdir()) == []
    with pytest.raises(AvatarError, match="no avatar me"):
        store.remove("me")
    with pytest.raises(AvatarError, match="shipped"):
        store.remove("mira")


def test_remove_erases_what_was_derived_first(store: Store, picture: Path, tmp_path: Path) -> None:
    store.add(picture, "me", Subject.SELF, ONE)
    derived = tmp_path / "cache" / "features"
    derived.parent.mkdir()
    derived.write_text("a file where the folder should be: it cannot be erased as one")
    with pytest.raises(AvatarError, match=r"cannot erase what was derived.*me is still there"):
        store.remove("me")
    assert store.entry("me")
    derived.unlink()
    derived.mkdir()
    (derived / "0123.features").write_bytes(b"a face")
    (derived / ".half-written").write_bytes(b"a fa")
    store.remove("me")
    assert not derived.exists()


def _record(text: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / "avatar.toml").write_text(text)

    return spoil


def _no_record(folder: Path) -> None:
    (folder / "avatar.toml").unlink()


DAMAGED_RECORDS = [
    _no_record,
    _record(""),
    _record("name = "),
    _record('name = "another"'),
    _record('name = "me"\nfile = "../../secret.png"\nsha256 = "' + "0" * 64 + '"\nsubject = "self"'),
    _record('name = "me"\nfile = "portrait.png"\nsha256 = "0"\nsubject = "self"'),
    _record('name = "me"\nfile = "portrait.png"\nsha256 = "' + "0" * 64 + '"\nsubject = "president"'),
    _record('name = "me"\nfile = "portrait.png"\nsha256 = "' + "0" * 64 + '"'),
]


@pytest.mark.parametrize("spoil", DAMAGED_RECORDS)
def test_a_damaged_record_is_named_does_not_hide_the_others_and_can_be_removed(
    store: Store, picture: Path, spoil: Callable[[Path], None]
) -> None:
    store.add(picture, "me", Subject.SELF, ONE)
    store.add(picture, "other", Subject.SELF, ONE)
    spoil(store.entry("me").folder)
    listing = store.list()
    assert [entry.name for entry in listing.entries] == ["mira", "other"]
    assert [name for name, _ in listing.damaged] == ["me"]
    with pytest.raises(AvatarError):
        store.load("me")
    store.remove("me")
    assert store.list().damaged == ()


@pytest.mark.parametrize(
    "landmarks",
    [
        np.zeros((468, 3), np.float32),
        np.zeros((478, 3), np.float64),
        np.full((478, 3), np.nan, np.float32),
        np.array([{"a": "pickle"}], dtype=object),
    ],
    ids=["468", "float64", "nan", "pickle"],
)
def test_damaged_landmarks_are_an_error(store: Store, picture: Path, landmarks: object) -> None:
    store.add(picture, "me", Subject.SELF, ONE)
    np.save(store.entry("me").landmarks, np.asarray(landmarks), allow_pickle=True)
    with pytest.raises(AvatarError, match="landmarks of me") as caught:
        store.load("me")
    assert "avatard avatar remove me" in caught.value.hint


def test_a_portrait_that_was_exchanged_is_an_error(store: Store, picture: Path) -> None:
    store.add(picture, "me", Subject.SELF, ONE)
    store.entry("me").portrait.write_bytes(png(601, 700))
    with pytest.raises(AvatarError, match="not the one that was added"):
        store.load("me")


def test_other_things_in_the_folder_are_left_alone(store: Store, picture: Path, tmp_path: Path) -> None:
    store.add(picture, "me", Subject.SELF, ONE)
    root = tmp_path / "data" / "avatars"
    (root / "notes.txt").write_text("mine")
    (root / ".half-made").mkdir()
    assert store.list().damaged == ()
    assert [entry.name for entry in store.list().entries] == ["mira", "me"]


def test_missing_shipped_avatars_mean_a_broken_installation(tmp_path: Path, shipped: Path) -> None:
    with pytest.raises(AvatarError) as caught:
        Store(tmp_path, tmp_path).list()
    assert "install" in caught.value.hint
    shutil.copytree(shipped, tmp_path / "copy")
    (tmp_path / "copy" / "mira.npy").unlink()
    with pytest.raises(AvatarError) as caught:
        Store(tmp_path, tmp_path / "copy").load("mira")
    assert "install" in caught.value.hint


def test_a_store_that_cannot_be_written_is_an_error(tmp_path: Path, shipped: Path, picture: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AvatarError, match="cannot keep"):
        Store(tmp_path / "file" / "avatars", shipped).add(picture, "me", Subject.SELF, ONE)
