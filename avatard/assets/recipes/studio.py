"""The photo studio: camera, lights, background, and the Cycles settings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import bpy
from mathutils import Vector


@dataclass(frozen=True)
class Light:
    """A square soft light. Position and size in metres, power in watts, colour linear RGB."""

    position: tuple[float, float, float]
    size: float
    power: float
    colour: tuple[float, float, float] = (1.0, 1.0, 1.0)
    eyes_only: bool = False  # only the wet eyes see it


# Positions are relative to the point between the eyes; -Y is in front, +X is the subject's left.
PORTRAIT_LIGHTS = (
    Light((-0.85, -1.25, 0.75), 1.1, 24.0, (1.0, 0.955, 0.90)),  # key, 34 degrees to the side and above
    Light((1.3, -1.1, 0.15), 1.5, 8.0, (0.92, 0.96, 1.0)),  # fill
    Light((0.0, -0.9, -0.75), 0.9, 2.6, (1.0, 0.94, 0.9)),  # a reflector below lifts chin and eye sockets
    Light((1.05, 0.95, 0.6), 0.7, 10.0, (1.0, 0.97, 0.93)),  # rim
    Light((-1.05, 0.95, 0.7), 0.6, 7.0, (0.95, 0.97, 1.0)),  # rim
    Light((-0.50, -1.35, 0.0), 0.62, 34.0, eyes_only=True),  # catch light: 4 pixels in each eye
)

# A desk by a window: cool daylight from the side, a warm room behind the camera.
WEBCAM_LIGHTS = (
    Light((-0.9, -1.1, 0.5), 1.2, 17.0, (0.96, 0.98, 1.0)),
    Light((1.1, -1.2, 0.3), 1.3, 9.0, (1.0, 0.95, 0.88)),
    Light((0.1, -0.9, -0.6), 0.8, 2.0, (1.0, 0.97, 0.95)),
    Light((0.7, 0.9, 0.8), 0.7, 5.0, (1.0, 0.98, 0.95)),
    Light((-0.4, -1.0, 0.0), 0.5, 16.0, eyes_only=True),
)


def add_lights(lights: Sequence[Light], centre: Vector, catch: float = 0.58) -> None:
    """Aim every light at `centre`.

    The wet eyes mirror the catch light only: big soft boxes would turn the pupils milky. `catch` is that
    light's height in metres: lower for heavy lids, which would hide it.
    """
    films = [thing for thing in bpy.data.objects if thing.name.startswith("film")]
    for i, light in enumerate(lights):
        data = bpy.data.lights.new(f"light{i}", "AREA")
        data.shape, data.size, data.energy, data.color = "SQUARE", light.size, light.power, light.colour
        lamp = bpy.data.objects.new(f"light{i}", data)
        lamp.location = centre + Vector(light.position)
        if light.eyes_only:
            lamp.location.z = centre.z + catch
        lamp.rotation_euler = (centre - lamp.location).to_track_quat("-Z", "Y").to_euler()
        lamp.visible_camera = False
        bpy.context.collection.objects.link(lamp)
        lit = bpy.data.collections.new(f"lit{i}")
        for film in films:
            lit.objects.link(film)
        for member in lit.collection_objects:
            member.light_linking.link_state = "INCLUDE" if light.eyes_only else "EXCLUDE"
        lamp.light_linking.receiver_collection = lit


def add_camera(target: Vector, height: float, distance: float = 1.9) -> None:
    """A level camera in front of `target` that sees `height` metres of it from `distance` metres."""
    data = bpy.data.cameras.new("camera")
    data.sensor_fit = "VERTICAL"
    data.angle_y = 2 * math.atan(height / 2 / distance)
    camera = bpy.data.objects.new("camera", data)
    camera.location = target + Vector((0, -distance, 0))
    camera.rotation_euler = (math.pi / 2, 0, 0)
    bpy.context.collection.objects.link(camera)
    bpy.context.scene.camera = camera


def backdrop(centre: Sequence[float], edge: Sequence[float], ambient: float = 0.25) -> None:
    """A softly graded background that only the camera sees; everything else gets a grey ambient light."""
    world = bpy.data.worlds.new("world")
    bpy.context.scene.world = world
    world.use_nodes = True
    nodes, links = world.node_tree.nodes, world.node_tree.links
    nodes.clear()
    where = nodes.new("ShaderNodeTexCoord")
    distance = nodes.new("ShaderNodeVectorMath")
    distance.operation = "DISTANCE"
    distance.inputs[1].default_value = (0.5, 0.55, 0.0)
    ramp = nodes.new("ShaderNodeValToRGB")
    ramp.color_ramp.interpolation = "EASE"
    ramp.color_ramp.elements[0].color = (*centre, 1)
    ramp.color_ramp.elements[1].color = (*edge, 1)
    ramp.color_ramp.elements[1].position = 0.85
    seen, lit, mix = (nodes.new(f"ShaderNode{k}") for k in ("Background", "Background", "MixShader"))
    lit.inputs[0].default_value = (0.9, 0.95, 1.0, 1)
    lit.inputs[1].default_value = ambient
    ray, out = nodes.new("ShaderNodeLightPath"), nodes.new("ShaderNodeOutputWorld")
    links.new(where.outputs["Window"], distance.inputs[0])
    links.new(distance.outputs["Value"], ramp.inputs[0])
    links.new(ramp.outputs[0], seen.inputs[0])
    links.new(ray.outputs["Is Camera Ray"], mix.inputs[0])
    links.new(lit.outputs[0], mix.inputs[1])
    links.new(seen.outputs[0], mix.inputs[2])
    links.new(mix.outputs[0], out.inputs[0])


def settings(width: int, height: int, samples: int, seed: int, threads: int, fast: bool = False) -> None:
    """Cycles on the CPU with Open Image Denoise; the same seed gives the same noise in every frame.

    `fast` is for clips: at 640x480 and 8 samples the accurate prefilter took 6.7 of 14 core-seconds a frame.
    """
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = (
        width,
        height,
        100,
    )
    scene.render.threads_mode, scene.render.threads = "FIXED", threads
    scene.render.use_persistent_data = True
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGB"
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    c = scene.cycles
    c.device, c.samples, c.seed, c.use_animated_seed = "CPU", samples, seed, False
    c.use_adaptive_sampling, c.adaptive_threshold = not fast, 0.015
    c.use_denoising, c.denoiser = True, "OPENIMAGEDENOISE"
    c.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    c.denoising_prefilter, c.denoising_quality = ("FAST", "BALANCED") if fast else ("ACCURATE", "HIGH")
    c.max_bounces, c.diffuse_bounces, c.glossy_bounces = (2, 1, 1) if fast else (6, 3, 3)
    c.transmission_bounces, c.transparent_max_bounces = 2 if fast else 4, 24
    c.caustics_reflective = c.caustics_refractive = False
    c.sample_clamp_indirect = 4.0


def crop(left: float, bottom: float, right: float, top: float) -> None:
    """Render only this part of the picture (shares of it, from the lower left corner)."""
    r = bpy.context.scene.render
    r.use_border = r.use_crop_to_border = True
    tiny = 1e-5  # Cycles rounds down: keep whole pixels whole
    r.border_min_x, r.border_min_y = left + tiny, bottom + tiny
    r.border_max_x, r.border_max_y = right + tiny, top + tiny


def render(path: Path) -> None:
    """Render the scene to `path`."""
    bpy.context.scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)
