"""Settings: one frozen dataclass for each stage, which is also its TOML table.

flag > environment (`AVATARD_STAGE_FIELD`) > file > default. Parsing touches no hardware. No key anywhere switches
badge, mark or consent off. Loading and checking is in `config_file.py`; this module is only the shape.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Mouth = Literal["drawn", "own"]
Awake = Literal["always", "on-demand"]
Voice = Literal["auto", "always", "never"]
Provider = Literal["auto", "tensorrt", "tensorrt-rtx", "cuda", "openvino", "cpu"]


@dataclass(frozen=True, slots=True)
class CaptureConfig:
    """Where frames come from. Size and rate are wishes: the camera answers with what it has."""

    source: str = "camera"  #: camera[:N], file:PATH, image:PATH, performer, none
    width: int = 640
    height: int = 480
    fps: float = 30.0


@dataclass(frozen=True, slots=True)
class TrackConfig:
    """How a face is found."""

    backend: Literal["facemesh", "landmarker", "scripted"] = "facemesh"
    model: str = ""  #: path of face_landmarker.task, for `landmarker`
    min_score: float = 0.5  #: 0..1, below it there is no face
    lock_s: float = 1.0  #: another face is refused until ours has been gone this long
    smooth: bool = True  #: One-Euro filter on the landmarks


@dataclass(frozen=True, slots=True)
class DriveConfig:
    """How the driver's movement becomes the avatar's. Gains are factors on the measured movement."""

    mouth_gain: float = 1.0
    eyes_gain: float = 1.0
    brows_gain: float = 1.0
    head_gain: float = 1.0
    mirror: bool = False  #: False: the avatar moves as a viewer in the call would see the driver move
    idle: bool = True  #: breathe and blink when there is no face
    voice: Voice = "auto"  #: the microphone moves the mouth: auto (while no camera sees one), always, never


@dataclass(frozen=True, slots=True)
class ReenactConfig:
    """Who draws the avatar."""

    engine: Literal["meshnet", "mesh", "still"] = "mesh"
    provider: Provider = "auto"  #: what runs meshnet's network; auto: the best that loads, see `avatard engine list`
    avatar: str = "mira"
    mouth: Mouth = "drawn"  #: "own" lets the driver's inner mouth through: outside the no-camera-pixel promise


@dataclass(frozen=True, slots=True)
class SealConfig:
    """How the badge reads. That it is there is not a setting."""

    language: str = "en"  #: of the badge's text; always with "AI" (or the language's own) in capitals
    barcode: bool = False  #: bench mode: sequence number and capture time drawn under the badge


@dataclass(frozen=True, slots=True)
class OutputConfig:
    """Where the avatar goes."""

    sinks: tuple[str, ...] = ("virtualcam",)  #: virtualcam[:DEVICE], pipewire, webrtc, file:PATH, y4m-ring:PATH, null
    width: int = 1280
    height: int = 720
    fps: float = 30.0
    virtualcam: Literal["auto", "v4l2", "pyvirtualcam"] = "auto"


@dataclass(frozen=True, slots=True)
class AudioConfig:
    """Sound into the call and to the user's ears. DEVICE is a name as `avatard devices` prints it, or a part of it."""

    output: str = "auto"  #: into the call; auto: a virtual microphone of our own, DEVICE, none
    microphone: str = "none"  #: passed into the call, in step with the picture: none, default, DEVICE
    monitor: str = "default"  #: your own ears, for private speech: default, DEVICE, none
    offset_ms: float = 0.0  #: what you like the sound to be later (or earlier) than in step, -200 to 300


@dataclass(frozen=True, slots=True)
class SpeechConfig:
    """How typed text is said."""

    voice: str = "en-us"  #: as `avatard voice list` prints it
    rate: float = 1.0  #: how fast, as a factor
    pitch: float = 1.0  #: how high, as a factor
    volume: float = 0.8  #: how loud, 0 to 1
    hear: bool = True  #: hear in the monitor what is said into the call
    history: bool = True  #: remember what was said until avatard ends, for `avatard say --again`


@dataclass(frozen=True, slots=True)
class DaemonConfig:
    """Lifetime of the daemon."""

    awake: Awake = "always"  #: on-demand: the camera is closed while no program reads the virtual camera
    hang_s: float = 10.0  #: a picture was due and none written for this long: dump the stacks and exit
    log_level: Literal["debug", "info", "warning", "error"] = "info"


@dataclass(frozen=True, slots=True)
class Config:
    """Everything, one table a stage."""

    capture: CaptureConfig = field(default_factory=CaptureConfig)
    track: TrackConfig = field(default_factory=TrackConfig)
    drive: DriveConfig = field(default_factory=DriveConfig)
    reenact: ReenactConfig = field(default_factory=ReenactConfig)
    seal: SealConfig = field(default_factory=SealConfig)
    output: OutputConfig = field(default_factory=OutputConfig)
    audio: AudioConfig = field(default_factory=AudioConfig)
    speech: SpeechConfig = field(default_factory=SpeechConfig)
    daemon: DaemonConfig = field(default_factory=DaemonConfig)
