"""Each check against a machine that is laid out for it."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from avatard.doctor import CHECKS, Finding, Level, System, exit_code
from avatard.doctor.camera import check_cameras
from avatard.doctor.loopback import SECURE_BOOT, check_virtual_camera
from avatard.doctor.models import MODELS, check_models
from avatard.doctor.program import check_packages, check_python
from avatard.doctor.provider import check_provider
from avatard.doctor.service import check_service
from avatard.doctor.speed import check_speed
from avatard.doctor.system import Answer, import_problem, installed, package_folder, run
from avatard.errors import AvatarError, EngineError, SinkError, SourceError
from avatard.runtime.providers import Availability
from avatard.v4l2 import LOOPBACK_DRIVER
from avatard.v4l2_fake import FakeDevice, FakeKernel


def system(root: Path, *devices: FakeDevice, **facts: object) -> System:
    """A healthy Linux machine with those devices, but for `facts`."""
    healthy: dict[str, object] = {
        "root": root,
        "kernel": FakeKernel(root, *devices),
        "platform": "linux",
        "python": (3, 11),
        "kernel_release": "6.1.0-13-amd64",
        "cpus": 2,
        "packages": {"opencv-contrib-python": "4.11.0.86", "mediapipe": "0.10.14"},
        "package_folder": lambda package: None,
        "import_problem": lambda module: "",
        "run": lambda *command: Answer(127, ""),
        "stage_times": lambda: {"track": 5.0, "reenact": 5.0, "seal": 1.0},
        "providers": lambda: [
            Availability("cuda", why_not="no CUDA", fix="a GPU"),
            Availability("cpu", "ONNX Runtime 1"),
        ],
    }
    return System(**{**healthy, **facts})  # type: ignore[arg-type]


def only(check: Callable[[System], object], machine: System) -> Finding:
    (finding,) = list(check(machine))  # type: ignore[call-overload]
    assert isinstance(finding, Finding)
    return finding


@pytest.mark.parametrize(("python", "level"), [((3, 9), "fail"), ((3, 10), "ok"), ((3, 12), "ok"), ((3, 13), "fail")])
def test_python(tmp_path: Path, python: tuple[int, int], level: str) -> None:
    finding = only(check_python, system(tmp_path, python=python))

    assert finding.level.value == level
    assert ("uv tool install --python 3.12" in finding.fix) == (level == "fail")


def test_packages_one_opencv(tmp_path: Path) -> None:
    finding = only(check_packages, system(tmp_path))

    assert (finding.level, finding.text) == (Level.OK, "OpenCV: opencv-contrib-python 4.11.0.86")


def test_packages_two_opencvs(tmp_path: Path) -> None:
    packages = {"opencv-python": "4.10", "opencv-contrib-python": "4.11"}
    finding = only(check_packages, system(tmp_path, packages=packages))

    assert finding.level is Level.FAIL
    assert finding.fix == ("pip uninstall -y opencv-contrib-python opencv-python\npip install opencv-contrib-python")


def test_packages_two_onnx_runtimes(tmp_path: Path) -> None:
    packages = {"opencv-contrib-python": "4.11", "onnxruntime": "1.20", "onnxruntime-gpu": "1.20"}
    opencv, onnx = list(check_packages(system(tmp_path, packages=packages)))

    assert opencv.level is Level.OK
    assert onnx.level is Level.FAIL
    assert onnx.error is EngineError


def test_packages_no_opencv(tmp_path: Path) -> None:
    assert only(check_packages, system(tmp_path, packages={})).level is Level.FAIL


def test_packages_a_minimal_system_lacks_libgl(tmp_path: Path) -> None:
    problem = "libGL.so.1: cannot open shared object file: No such file or directory"
    finding = only(check_packages, system(tmp_path, import_problem=lambda module: problem))

    assert finding.level is Level.FAIL
    assert finding.fix == "sudo apt install libgl1 libglib2.0-0"


def mediapipe(folder: Path, models: tuple[str, ...]) -> Path:
    for model in models:
        (folder / model).parent.mkdir(parents=True, exist_ok=True)
        (folder / model).touch()
    return folder


def test_models_present(tmp_path: Path) -> None:
    folder = mediapipe(tmp_path / "mediapipe", MODELS)

    assert only(check_models, system(tmp_path, package_folder=lambda package: folder)).level is Level.OK


def test_models_absent_from_a_newer_mediapipe(tmp_path: Path) -> None:
    folder = mediapipe(tmp_path / "mediapipe", MODELS[:1])
    finding = only(check_models, system(tmp_path, package_folder=lambda package: folder))

    assert finding.level is Level.FAIL
    assert "face_landmark_with_attention.tflite" in finding.text
    assert "<0.10.22" in finding.fix


def test_models_no_mediapipe(tmp_path: Path) -> None:
    assert only(check_models, system(tmp_path)).level is Level.FAIL


def test_the_models_are_those_of_the_installed_mediapipe() -> None:
    assert only(check_models, System()).level is Level.OK


def test_camera_is_listed_with_its_formats(tmp_path: Path) -> None:
    finding = only(check_cameras, system(tmp_path, FakeDevice(0, "HD Webcam")))

    assert finding.level is Level.OK
    assert finding.text.endswith("dev/video0 (HD Webcam): MJPG, YUYV")


def test_camera_without_mjpg_is_slow(tmp_path: Path) -> None:
    finding = only(check_cameras, system(tmp_path, FakeDevice(0, "Old Webcam", formats=("YUYV",))))

    assert finding.level is Level.WARN
    assert "--size 640x480" in finding.fix


@pytest.mark.parametrize(("taken", "level"), [(True, Level.WARN), (False, Level.OK)])
def test_camera_in_use_says_by_whom(tmp_path: Path, taken: bool, level: Level) -> None:
    machine = system(tmp_path, FakeDevice(0, "HD Webcam", taken=taken))  # having it open is not using it
    assert isinstance(machine.kernel, FakeKernel)
    machine.kernel.add_process(31, "zoom", tmp_path / "dev/video0")
    finding = only(check_cameras, machine)

    assert finding.level is level
    assert ("zoom (process 31)" in finding.text) == taken


def test_camera_without_permission_names_the_group(tmp_path: Path) -> None:
    finding = only(check_cameras, system(tmp_path, FakeDevice(0, "HD Webcam", open_error=errno.EACCES)))

    assert (finding.level, finding.error) == (Level.FAIL, SourceError)
    assert "usermod -aG video" in finding.fix


def test_no_camera_is_no_failure(tmp_path: Path) -> None:
    finding = only(check_cameras, system(tmp_path, FakeDevice(9, "avatard", LOOPBACK_DRIVER)))

    assert finding.level is Level.WARN
    assert "--source performer" in finding.fix


def test_cameras_are_not_opened_elsewhere(tmp_path: Path) -> None:
    assert only(check_cameras, system(tmp_path, platform="darwin")).level is Level.OK


def loopback(**state: object) -> FakeDevice:
    device = FakeDevice(10, "avatard", LOOPBACK_DRIVER)
    for key, value in state.items():
        setattr(device, key, value)
    return device


def test_virtual_camera_ready(tmp_path: Path) -> None:
    finding = only(check_virtual_camera, system(tmp_path, loopback()))

    assert finding.level is Level.OK
    assert finding.text.endswith("dev/video10 (avatard), v4l2loopback 0.12")


def test_virtual_camera_that_nobody_lists(tmp_path: Path) -> None:
    machine = system(tmp_path, loopback())
    (tmp_path / "sys/module/v4l2loopback/parameters/exclusive_caps").write_text("N,N,N\n")
    ready, unlisted = list(check_virtual_camera(machine))

    assert ready.level is Level.OK
    assert (unlisted.level, unlisted.error) == (Level.FAIL, SinkError)
    assert "modprobe -r v4l2loopback" in unlisted.fix
    assert "exclusive_caps=1" in unlisted.fix


def test_virtual_camera_left_stuck_is_known(tmp_path: Path) -> None:
    finding = only(check_virtual_camera, system(tmp_path, loopback(ready_output=False)))

    assert finding.level is Level.OK
    assert "avatard up frees it" in finding.text


def test_virtual_camera_with_a_producer(tmp_path: Path) -> None:
    machine = system(tmp_path, loopback(ready_output=False, ready_capture=True))
    assert isinstance(machine.kernel, FakeKernel)
    machine.kernel.add_process(77, "obs", tmp_path / "dev/video10")
    finding = only(check_virtual_camera, machine)

    assert finding.level is Level.WARN
    assert "obs (process 77)" in finding.text


def test_virtual_camera_without_permission(tmp_path: Path) -> None:
    machine = system(tmp_path, loopback(open_error=errno.EACCES))
    entry = tmp_path / "sys/class/video4linux/video10"
    real = tmp_path / "sys/devices/virtual/video4linux/video10"
    real.parent.mkdir(parents=True)
    entry.rename(real)
    entry.symlink_to(real)
    finding = only(check_virtual_camera, machine)

    assert finding.level is Level.FAIL
    assert "usermod -aG video" in finding.fix


def test_virtual_camera_module_without_device(tmp_path: Path) -> None:
    (tmp_path / "sys/module/v4l2loopback").mkdir(parents=True)

    assert "without a device" in only(check_virtual_camera, system(tmp_path)).text


def test_virtual_camera_not_installed(tmp_path: Path) -> None:
    finding = only(check_virtual_camera, system(tmp_path))

    assert (finding.level, finding.text) == (Level.FAIL, "v4l2loopback is not installed")
    assert "sudo apt install v4l2loopback-dkms" in finding.fix


def built(root: Path) -> None:
    folder = root / "lib/modules/6.1.0-13-amd64/updates/dkms"
    folder.mkdir(parents=True)
    (folder / "v4l2loopback.ko.xz").touch()


def test_virtual_camera_not_loaded(tmp_path: Path) -> None:
    built(tmp_path)
    finding = only(check_virtual_camera, system(tmp_path))

    assert finding.text == "v4l2loopback is installed, but not loaded"
    assert finding.fix.startswith("sudo modprobe v4l2loopback exclusive_caps=1")
    assert "/etc/modules-load.d/avatard.conf" in finding.fix


def test_virtual_camera_not_loaded_under_secure_boot(tmp_path: Path) -> None:
    built(tmp_path)
    variable = tmp_path / SECURE_BOOT
    variable.parent.mkdir(parents=True)
    variable.write_bytes(b"\x06\x00\x00\x00\x01")

    assert "mokutil --import" in only(check_virtual_camera, system(tmp_path)).fix


def test_virtual_camera_built_for_another_kernel(tmp_path: Path) -> None:
    (tmp_path / "usr/src/v4l2loopback-0.12.7").mkdir(parents=True)
    finding = only(check_virtual_camera, system(tmp_path))

    assert "not built for this kernel" in finding.text
    assert "linux-headers-6.1.0-13-amd64" in finding.fix


@pytest.mark.parametrize(("packages", "level"), [({}, "fail"), ({"pyvirtualcam": "0.15.0"}, "ok")])
def test_virtual_camera_elsewhere(tmp_path: Path, packages: dict[str, str], level: str) -> None:
    assert only(check_virtual_camera, system(tmp_path, platform="win32", packages=packages)).level.value == level


@pytest.mark.parametrize(
    ("answer", "level", "words"),
    [
        (Answer(0, "NVIDIA GeForce RTX 4090, 550.54"), Level.OK, "RTX 4090, driver 550.54"),
        (Answer(127, ""), Level.OK, "none found"),
        (Answer(9, "Failed to initialize NVML"), Level.WARN, "does not answer"),
    ],
)
def test_gpu(tmp_path: Path, answer: Answer, level: Level, words: str) -> None:
    gpu, _ = check_provider(system(tmp_path, run=lambda *command: answer))

    assert gpu.level is level
    assert words in gpu.text


def network(tmp_path: Path, gpu: bool, *providers: Availability) -> Finding:
    answer = Answer(0, "NVIDIA GeForce RTX 4090, 550.54") if gpu else Answer(127, "")
    facts = {"providers": lambda: providers} if providers else {}
    _, finding = check_provider(system(tmp_path, run=lambda *command: answer, **facts))
    return finding


def test_network_on_the_cpu_without_a_gpu(tmp_path: Path) -> None:
    finding = network(tmp_path, False)

    assert (finding.level, finding.text) == (Level.OK, "cpu: ONNX Runtime 1")


def test_network_on_the_cpu_beside_a_gpu(tmp_path: Path) -> None:
    finding = network(tmp_path, True)

    assert finding.level is Level.WARN
    assert finding.text == "cpu: ONNX Runtime 1, not the GPU (cuda: no CUDA)"
    assert finding.fix == "a GPU"


def test_network_on_the_gpu(tmp_path: Path) -> None:
    finding = network(
        tmp_path, True, Availability("cuda", "ONNX Runtime 1, CUDA"), Availability("cpu", "ONNX Runtime 1")
    )

    assert (finding.level, finding.text) == (Level.OK, "cuda: ONNX Runtime 1, CUDA")


def test_no_network_runs(tmp_path: Path) -> None:
    finding = network(tmp_path, False, Availability("cpu", why_not="no ONNX Runtime", fix="pip install onnxruntime"))

    assert finding.level is Level.WARN
    assert "mesh draws without: no ONNX Runtime" in finding.text
    assert finding.fix == "pip install onnxruntime"


@pytest.mark.parametrize(
    ("times", "level"),
    [
        ({"track": 5.0, "reenact": 5.0, "seal": 1.0}, Level.OK),
        ({"track": 12.0, "reenact": 12.0, "seal": 1.0}, Level.WARN),
        ({"track": 20.0, "reenact": 15.0, "seal": 3.0}, Level.WARN),
    ],
)
def test_speed(tmp_path: Path, times: dict[str, float], level: Level) -> None:
    assert only(check_speed, system(tmp_path, stage_times=lambda: times)).level is level


def test_speed_that_cannot_be_measured_is_its_own_failure(tmp_path: Path) -> None:
    def fail() -> dict[str, float]:
        raise AvatarError("no avatar is called 'mira'", "avatard avatar list")

    finding = only(check_speed, system(tmp_path, stage_times=fail))

    assert (finding.level, finding.error, finding.fix) == (Level.FAIL, AvatarError, "avatard avatar list")


def test_one_core_is_said(tmp_path: Path) -> None:
    assert [finding.level for finding in check_speed(system(tmp_path, cpus=1))] == [Level.OK, Level.WARN]


@pytest.mark.parametrize(
    ("answer", "level", "words"),
    [
        (Answer(127, ""), Level.OK, "not set up"),
        (Answer(1, ""), Level.OK, "not set up"),
        (Answer(0, "LoadState=not-found\nActiveState=inactive"), Level.OK, "not set up"),
        (Answer(0, "LoadState=loaded\nActiveState=active\nUnitFileState=enabled"), Level.OK, "active, starts at login"),
        (
            Answer(0, "LoadState=loaded\nActiveState=failed\nResult=exit-code\nExecMainStatus=12"),
            Level.WARN,
            "exit code 12",
        ),
    ],
)
def test_service(tmp_path: Path, answer: Answer, level: Level, words: str) -> None:
    finding = only(check_service, system(tmp_path, run=lambda *command: answer))

    assert finding.level is level
    assert words in finding.text


def test_no_service_elsewhere(tmp_path: Path) -> None:
    assert list(check_service(system(tmp_path, platform="darwin"))) == []


def test_exit_code_is_the_first_failures() -> None:
    warning = Finding("a", Level.WARN, "")
    sink, source = Finding("b", Level.FAIL, "", "", SinkError), Finding("c", Level.FAIL, "", "", SourceError)

    assert exit_code([warning]) == 0
    assert exit_code([warning, sink, source]) == 12


def test_every_failure_and_warning_comes_with_a_fix(tmp_path: Path) -> None:
    bare = system(tmp_path, packages={}, python=(3, 13), cpus=1, run=lambda *command: Answer(1, ""))
    findings = [finding for check in CHECKS for finding in check(bare)]

    assert any(finding.level is Level.FAIL for finding in findings)
    assert all(finding.fix for finding in findings if finding.level is not Level.OK)


def test_the_real_questions_are_answered() -> None:
    assert "numpy" in installed()
    assert package_folder("mediapipe") is not None
    assert package_folder("no_such_package") is None
    assert run("true").code == 0
    assert run("no-such-program-here") == Answer(127, "")
    assert import_problem("json") == ""
    assert "no_such_module" in import_problem("no_such_module")
