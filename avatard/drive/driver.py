"""Who moves the avatar at this instant: the face on camera, or idle while there is none; speech on top of either."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import numpy as np

from avatard import canonical
from avatard import motion as core
from avatard.drive.easing import Easing, State
from avatard.drive.idle import Idle
from avatard.drive.mirror import mirrored
from avatard.drive.neutral import Neutral
from avatard.drive.pose import LIMITS, SHIFT, HeadPose
from avatard.drive.regions import measure
from avatard.drive.retarget import Retargeter
from avatard.drive.speech import speak
from avatard.face import LANDMARKS
from avatard.geometry import euler
from avatard.motion import GAZE, UNITS, Motion, Part
from avatard.timing import NS_PER_S

if TYPE_CHECKING:
    from avatard.config import DriveConfig
    from avatard.face import Face
    from avatard.spoken import Lips, Spoken

log = logging.getLogger("avatard.drive")

#: A tracker that misses the face this long has lost it; shorter, the last movement is held.
HOLD_NS: Final = 200_000_000
#: Without any word from the tracker (a stalled camera) the last face is held this long: a camera may give 5 fps.
STALL_NS: Final = 600_000_000
#: Seconds to ease between face and idle: with the hold, 0.5 s from loss to idle.
EASE_S: Final = 0.3
#: Seconds to ease back onto a face that was missed for less than `HOLD_NS`.
RESUME_S: Final = 0.12
#: Radians of head turn up to which the landmarks' sliding is known.
SLIDES: Final = 0.6
#: Longest step of time that one frame teaches the running neutral.
LEARN_S: Final = 0.1
# Where the parts of a motion lie in one vector of everything that moves.
ROTATION, TRANSLATION, NAMED, REST = slice(0, 3), slice(3, 6), slice(6, 6 + len(UNITS)), slice(6 + len(UNITS), None)
SIZE: Final = 6 + len(UNITS) + 3 * LANDMARKS
LOWEST: Final = np.array([-1.0 if name in GAZE else 0.0 for name in UNITS], np.float32)


class Driver:
    """Turns what the tracker sees, and what is said, into the avatar's movement. One thread calls it (the render
    thread).

    `config` may be replaced at any time; the next face follows it. lips: who may speak.
    """

    def __init__(self, config: DriveConfig, seed: int = 0, lips: Lips | None = None) -> None:
        self.config = config
        self._lips = lips
        self._speaker: core.Driver | None = None
        self._idle = Idle(seed)
        self._easing = Easing()
        self._source = core.Driver.IDLE
        self.recenter()
        self._face: State | None = None
        self._captured_ns = 0  # of the face that `_face` shows
        self._seen_ns = 0  # when it was observed
        self._missing = False

    @property
    def source(self) -> core.Driver:
        """Who drives: `Driver.SPEECH` or `Driver.VOICE` while the mouth is theirs, else `Driver.CAMERA`, also through a
        short loss, or `Driver.IDLE`."""
        return self._speaker or self._source

    def recenter(self) -> None:
        """Forget the driver's rest face and pose: the next face is looked at afresh, its pose is the new rest."""
        self._neutral, self._head, self._retargeter = Neutral(), HeadPose(), Retargeter()
        self._fresh = True

    def observe(self, face: Face | None, now_ns: int) -> None:
        """What the tracker found in a new frame; None: it looked and found nothing. `now_ns` is monotonic."""
        if face is None or not np.isfinite(face.landmarks).all():
            self._missing = True
            return
        resumed = self._missing and self._live(now_ns)
        dt_s = min(max(face.captured_ns - self._captured_ns, 0) / NS_PER_S, LEARN_S)
        self._face = self._follow(face, dt_s)
        self._captured_ns, self._seen_ns, self._missing = face.captured_ns, now_ns, False
        if resumed:
            self._easing.begin(self._face, now_ns, RESUME_S)

    def motion(self, now_ns: int, lead_ns: int = 0) -> Motion:
        """The movement at `now_ns`, not before the last instant asked for. It will be seen `lead_ns` later: lips speak
        for then."""
        source = core.Driver.CAMERA if self._live(now_ns) else core.Driver.IDLE
        target = self._target(source, now_ns)
        if source is not self._source:
            self._easing.begin(target, now_ns, EASE_S)
            self._source = source
            log.info("driven by %s", source.value)
        state = self._easing(target, now_ns)
        spoken = self._lips.at(now_ns + lead_ns, source is core.Driver.CAMERA) if self._lips is not None else None
        self._speaker = spoken.driver if spoken is not None and spoken.mouth else None
        return self._motion(state, spoken, now_ns)

    def _live(self, now_ns: int) -> bool:
        """Whether the last face still counts."""
        if self._face is None:
            return False
        return now_ns - self._seen_ns <= (HOLD_NS if self._missing else STALL_NS)

    def _follow(self, face: Face, dt_s: float) -> State:
        pose = face.pose
        if self._fresh:
            self._head.recenter(pose)
            self._fresh = False
        yaw, pitch, _ = euler(pose.rotation).clip(-SLIDES, SLIDES)
        local = np.asarray(((face.landmarks - pose.translation) / pose.scale) @ pose.rotation, np.float32)
        local -= np.float32(yaw) * canonical.slide()[0] + np.float32(pitch) * canonical.slide()[1]
        measured = measure(local)
        self._neutral.observe(local, measured, dt_s)
        state = np.empty(SIZE, np.float32)
        state[ROTATION], state[TRANSLATION] = self._head.follow(pose, dt_s, self.config.head_gain)
        units, residual = self._retargeter.expression(
            local, measured, self._neutral, float(yaw), self.config, face.expression
        )
        state[NAMED], state[REST] = units, residual.ravel()
        return state

    def _target(self, source: core.Driver, now_ns: int) -> State:
        if source is core.Driver.CAMERA:
            assert self._face is not None
            return self._face
        state = np.zeros(SIZE, np.float32)
        if self.config.idle:
            state[ROTATION], state[TRANSLATION], state[NAMED] = self._idle.at(now_ns)
        return state

    def _motion(self, state: State, spoken: Spoken | None, now_ns: int) -> Motion:
        if spoken is not None:
            state = state.copy()
            speak(state[ROTATION], state[NAMED], state[REST].reshape(LANDMARKS, 3), spoken)
        rotation = state[ROTATION].clip(-LIMITS, LIMITS).astype(np.float32)
        translation = state[TRANSLATION].clip(-SHIFT, SHIFT)
        units = state[NAMED].clip(LOWEST, 1)
        residual = state[REST].reshape(LANDMARKS, 3)
        if self.config.mirror:
            rotation, translation, units, residual = mirrored(rotation, translation, units, residual)
        camera = self._source is core.Driver.CAMERA
        part = Part(self._source, self._captured_ns if camera else now_ns)
        mouth = part if self._speaker is None else Part(self._speaker, now_ns)
        return Motion(rotation, translation, units, residual if residual.any() else None, part, part, mouth)
