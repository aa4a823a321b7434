"""Simple clothes: a smoothed shell over the torso with a cut neckline and a ribbed edge."""

from __future__ import annotations

from dataclasses import dataclass

import bpy  # first: it makes bmesh importable
import numpy as np
from anatomy import Floats, base_mesh

import bmesh  # isort: skip
from mathutils import Vector
from mathutils.bvhtree import BVHTree


@dataclass(frozen=True)
class Garment:
    """A top. Lengths in metres, relative to the base of the neck.

    `ease` is the gap to the skin, `neck` where the edge runs at the spine (above the joint), `dip` how much
    lower it runs in front, `rib` the radius of the edge. `weave` and `folds` go to the cloth material.
    """

    colour: tuple[float, float, float]
    ease: float = 0.008
    neck: float = 0.013
    dip: float = 0.058
    rib: float = 0.0045
    weave: float = 900.0
    folds: float = 0.6


def torso(vertices: Floats, base: Floats, floor: float) -> bmesh.types.BMesh:
    """The body below the head and above `floor` as a bmesh (metres)."""
    mesh = base_mesh()
    faces = mesh.faces[(vertices[mesh.faces][:, :, 2] > floor).all(1)]
    low = vertices[faces][:, :, 2].max(1) < base[2] + 0.075
    centre = vertices[faces].mean(1)
    faces = faces[low & ~((centre[:, 2] > base[2] + 0.03) & (centre[:, 1] < base[1] - 0.075))]  # not the chin
    used, index = np.unique(faces, return_inverse=True)
    bm = bmesh.new()
    points = [bm.verts.new(vertices[i]) for i in used]
    for quad in index.reshape(faces.shape):
        bm.faces.new([points[i] for i in quad])
    bm.normal_update()
    return bm


def make(garment: Garment, vertices: Floats, base: Floats, material: bpy.types.Material) -> list[bpy.types.Object]:
    """Cut, loosen and hem a garment on a posed body; `base` is the neck joint."""
    bm = torso(vertices, base, base[2] - 0.36)
    for _ in range(8):  # cloth spans hollows: smooth the anatomy away, then stand off
        bmesh.ops.smooth_vert(
            bm,
            verts=[v for v in bm.verts if not v.is_boundary],
            factor=0.5,
            use_axis_x=True,
            use_axis_y=True,
            use_axis_z=True,
        )
    stand_off(bm, BVHTree.FromBMesh(torso(vertices, base, base[2] - 0.36)), garment.ease)
    tilt = Vector((0.0, -garment.dip / 0.11, 1.0)).normalized()  # the neck is about 11 cm deep
    point = Vector(base) + Vector((0, 0.055, garment.neck + garment.dip * 0.5))
    everything = list(bm.verts) + list(bm.edges) + list(bm.faces)
    bmesh.ops.bisect_plane(bm, geom=everything, plane_co=point, plane_no=tilt, clear_outer=True)
    data = bpy.data.meshes.new("garment")
    edge = neckline(bm, base)
    bm.to_mesh(data)
    bm.free()
    data.materials.append(material)
    for polygon in data.polygons:
        polygon.use_smooth = True
    shell = bpy.data.objects.new("garment", data)
    bpy.context.collection.objects.link(shell)
    shell.modifiers.new("round", "SUBSURF").render_levels = 2
    thick = shell.modifiers.new("thick", "SOLIDIFY")
    thick.thickness, thick.offset = 0.0025, -1.0
    return [shell, hem(edge, garment.rib, material)]


def stand_off(bm: bmesh.types.BMesh, body: BVHTree, gap: float) -> None:
    """Push the shell to at least `gap` metres outside the body; smoothing had pulled it into limbs."""
    for _ in range(3):
        for v in bm.verts:
            near, normal, _, _ = body.find_nearest(v.co)
            depth = (v.co - near).dot(normal)
            if depth < gap:
                v.co += normal * (gap - depth)
        bmesh.ops.smooth_vert(
            bm,
            verts=[v for v in bm.verts if not v.is_boundary],
            factor=0.3,
            use_axis_x=True,
            use_axis_y=True,
            use_axis_z=True,
        )
    bm.normal_update()


def neckline(bm: bmesh.types.BMesh, base: Floats) -> list[Vector]:
    """The boundary loop around the neck, in order."""
    near = [
        e for e in bm.edges if e.is_boundary and all(v.co.z > base[2] - 0.22 and abs(v.co.x) < 0.13 for v in e.verts)
    ]
    links: dict[bmesh.types.BMVert, list[bmesh.types.BMVert]] = {}
    for e in near:
        a, b = e.verts
        links.setdefault(a, []).append(b)
        links.setdefault(b, []).append(a)
    best: list[bmesh.types.BMVert] = []
    seen: set[bmesh.types.BMVert] = set()
    for start in links:
        if start in seen:
            continue
        chain, here = [start], start
        seen.add(start)
        while step := next((v for v in links[here] if v not in seen), None):
            chain.append(step)
            seen.add(step)
            here = step
        best = max(best, chain, key=len)
    return [v.co.copy() for v in best]


def hem(edge: list[Vector], radius: float, material: bpy.types.Material) -> bpy.types.Object:
    """A soft band along the neckline; it also hides the cut."""
    points = np.array([list(v) for v in edge])
    for _ in range(6):
        points = (np.roll(points, 1, 0) + 2 * points + np.roll(points, -1, 0)) / 4
    data = bpy.data.curves.new("hem", "CURVE")
    data.dimensions, data.bevel_depth, data.bevel_resolution = "3D", radius, 4
    spline = data.splines.new("POLY")
    spline.points.add(len(points) - 1)
    spline.points.foreach_set("co", np.c_[points, np.ones(len(points))].ravel())
    spline.use_cyclic_u = True
    spline.use_smooth = True
    data.materials.append(material)
    thing = bpy.data.objects.new("hem", data)
    bpy.context.collection.objects.link(thing)
    return thing
