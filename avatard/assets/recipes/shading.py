"""Materials for Cycles: skin, eyes, teeth, lashes and brows, hair, cloth. One small function each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import bpy

# The painted neck and scalp are yellower than the face they meet.
NECK = {"Hue": 0.494, "Saturation": 0.84, "Value": 1.06}

Colour = Sequence[float]  # linear RGB, 0..1


class Graph:
    """A thin wrapper over a material's node tree, so that a recipe reads top to bottom."""

    def __init__(self, name: str) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.tree.nodes.clear()

    def add(self, kind: str, inputs: Mapping[str | int, object] | None = None, **settings: object) -> bpy.types.Node:
        """Add a node; an input may be a constant or another node's socket."""
        node = self.tree.nodes.new(kind)
        for key, value in settings.items():
            setattr(node, key, value)
        for name, value in (inputs or {}).items():
            if isinstance(value, bpy.types.NodeSocket):
                self.tree.links.new(value, node.inputs[name])
            else:
                node.inputs[name].default_value = value
        return node

    def image(self, path: Path, colour: bool = True) -> bpy.types.Node:
        """An image texture; data maps (masks) are read without a colour transform."""
        picture = bpy.data.images.load(str(path), check_existing=True)
        picture.colorspace_settings.name = "sRGB" if colour else "Non-Color"
        return self.add("ShaderNodeTexImage", image=picture, interpolation="Cubic" if colour else "Linear")

    def mix(self, factor: object, a: object, b: object, blend: str = "MIX") -> bpy.types.NodeSocket:
        """Mix two colours."""
        node = self.add("ShaderNodeMix", data_type="RGBA", blend_type=blend, clamp_factor=True)
        for socket, value in ((node.inputs[0], factor), (node.inputs[6], a), (node.inputs[7], b)):
            if isinstance(value, bpy.types.NodeSocket):
                self.tree.links.new(value, socket)
            else:
                socket.default_value = value
        return node.outputs[2]

    def finish(self, surface: bpy.types.NodeSocket) -> bpy.types.Material:
        """Connect the surface and hand the material over."""
        self.add("ShaderNodeOutputMaterial", {"Surface": surface})
        return self.material


def rgba(colour: Colour) -> tuple[float, float, float, float]:
    """Linear RGB with alpha one."""
    return (colour[0], colour[1], colour[2], 1.0)


def skin(
    texture: Path,
    lips: Path,
    face: Path,
    *,
    tint: Colour = (1, 1, 1),
    saturation: float = 1.0,
    value: float = 1.0,
    lip: Colour = (0.55, 0.14, 0.12),
    lip_strength: float = 0.25,
    roughness: float = 0.48,
    bump: float = 1.0,
    scatter: float = 0.85,
    scalp: bpy.types.Image | None = None,
    scalp_colour: Colour = (0.02, 0.015, 0.01),
    scalp_strength: float = 0.75,
) -> bpy.types.Material:
    """Skin: the MakeHuman texture under random-walk scattering, broken gloss, a fine bump, moister lips."""
    g = Graph("skin")
    picture = g.image(texture)
    mask = g.image(lips, colour=False)
    toned = g.add("ShaderNodeHueSaturation", {"Color": picture.outputs[0], "Saturation": saturation, "Value": value})
    neck = g.add("ShaderNodeHueSaturation", {"Color": toned.outputs[0], **NECK})
    base = g.mix(g.image(face, colour=False).outputs[0], neck.outputs[0], toned.outputs[0])
    base = g.mix(1.0, base, rgba(tint), "MULTIPLY")
    lip_factor = g.add("ShaderNodeMath", {0: mask.outputs[0], 1: lip_strength}, operation="MULTIPLY")
    base = g.mix(lip_factor.outputs[0], base, rgba(lip))
    if scalp is not None:  # hair shades the skin it grows from: gaps between strands must not glow
        roots = g.add("ShaderNodeTexImage", image=scalp)
        shade = g.add("ShaderNodeMath", {0: roots.outputs[0], 1: scalp_strength}, operation="MULTIPLY")
        base = g.mix(shade.outputs[0], base, rgba(scalp_colour))
    where = g.add("ShaderNodeTexCoord").outputs["Object"]
    blotch = g.add("ShaderNodeTexNoise", {"Vector": where, "Scale": 60.0, "Detail": 3.0})
    base = g.mix(0.10, base, g.mix(blotch.outputs[0], rgba((0.9, 0.35, 0.28)), rgba((1.0, 0.9, 0.75))), "SOFT_LIGHT")
    gloss = g.add(
        "ShaderNodeMapRange", {0: blotch.outputs[0], 1: 0.3, 2: 0.7, 3: roughness - 0.07, 4: roughness + 0.07}
    )
    rough = g.add("ShaderNodeMix", {0: mask.outputs[0], 2: gloss.outputs[0], 3: 0.32})
    pores = g.add("ShaderNodeTexNoise", {"Vector": where, "Scale": 900.0, "Detail": 2.0, "Roughness": 0.6})
    creases = g.add("ShaderNodeTexVoronoi", {"Vector": where, "Scale": 650.0}, feature="SMOOTH_F1")
    height = g.add("ShaderNodeMath", {0: pores.outputs[0], 1: creases.outputs[0]}, operation="ADD")
    fine = g.add("ShaderNodeBump", {"Height": height.outputs[0], "Strength": 0.22 * bump, "Distance": 0.0006})
    painted = g.add("ShaderNodeRGBToBW", {0: picture.outputs[0]})
    relief = g.add(
        "ShaderNodeBump",
        {"Height": painted.outputs[0], "Strength": 0.25 * bump, "Distance": 0.002, "Normal": fine.outputs[0]},
    )
    surface = g.add(
        "ShaderNodeBsdfPrincipled",
        {
            "Base Color": base,
            "Roughness": rough.outputs[0],
            "Subsurface Weight": scatter,
            "Subsurface Radius": (1.0, 0.42, 0.25),
            "Subsurface Scale": 0.0030,  # metres: the mean path of red light in skin
            "Specular IOR Level": 0.42,
            "Coat Weight": 0.04,
            "Coat Roughness": 0.28,
            "Normal": relief.outputs[0],
        },
    )
    return g.finish(surface.outputs[0])


def eyeball(texture: Path, brightness: float = 1.0) -> bpy.types.Material:
    """Sclera and iris: soft, not glossy (the wet layer above does the gloss)."""
    g = Graph("eyeball")
    picture = g.image(texture)
    toned = g.add("ShaderNodeHueSaturation", {"Color": picture.outputs[0], "Saturation": 0.8, "Value": brightness})
    surface = g.add(
        "ShaderNodeBsdfPrincipled",
        {
            "Base Color": toned.outputs[0],
            "Roughness": 0.6,
            "Subsurface Weight": 0.2,
            "Subsurface Scale": 0.002,
            "Specular IOR Level": 0.0,
        },
    )
    return g.finish(surface.outputs[0])


def wet() -> bpy.types.Material:
    """Cornea and tear film: a clear coat that only adds its reflection (no refraction, so no noise)."""
    g = Graph("wet")
    edge = g.add("ShaderNodeFresnel", {"IOR": 1.5})
    clear = g.add("ShaderNodeBsdfTransparent")
    shine = g.add("ShaderNodeBsdfGlossy", {"Roughness": 0.03})
    mixed = g.add("ShaderNodeMixShader", {0: edge.outputs[0], 1: clear.outputs[0], 2: shine.outputs[0]})
    return g.finish(mixed.outputs[0])


def card(texture: Path, colour: Colour, *, amount: float = 1.0, density: float = 1.0) -> bpy.types.Material:
    """Lashes and brows: a cut-out by the texture's alpha, tinted."""
    g = Graph("card")
    picture = g.image(texture)
    alpha = g.add("ShaderNodeMath", {0: picture.outputs[1], 1: density}, operation="MULTIPLY", use_clamp=True)
    base = g.mix(amount, picture.outputs[0], rgba(colour))
    surface = g.add(
        "ShaderNodeBsdfPrincipled",
        {"Base Color": base, "Roughness": 0.55, "Specular IOR Level": 0.25, "Alpha": alpha.outputs[0]},
    )
    return g.finish(surface.outputs[0])


def strands(colour: Colour, *, roughness: float = 0.32, variation: float = 0.25) -> bpy.types.Material:
    """Hair strands by the principled hair model, with a small random change from strand to strand."""
    g = Graph("strands")
    info = g.add("ShaderNodeHairInfo")
    spread = g.add("ShaderNodeMapRange", {0: info.outputs["Random"], 3: 1 - variation, 4: 1 + variation})
    base = g.add("ShaderNodeHueSaturation", {"Color": rgba(colour), "Value": spread.outputs[0]})
    surface = g.add("ShaderNodeBsdfHairPrincipled", parametrization="COLOR")
    surface.model = "CHIANG"
    g.tree.links.new(base.outputs[0], surface.inputs["Color"])
    surface.inputs["Roughness"].default_value = roughness
    surface.inputs["Radial Roughness"].default_value = 0.45
    return g.finish(surface.outputs[0])


def teeth(texture: Path) -> bpy.types.Material:
    """Teeth and gums: the texture lightened, a little translucent, wet."""
    g = Graph("teeth")
    picture = g.image(texture)
    light = g.add("ShaderNodeGamma", {"Color": picture.outputs[0], "Gamma": 0.62})
    warm = g.mix(1.0, light.outputs[0], rgba((1.0, 0.93, 0.82)), "MULTIPLY")
    surface = g.add(
        "ShaderNodeBsdfPrincipled",
        {
            "Base Color": warm,
            "Roughness": 0.22,
            "Subsurface Weight": 0.3,
            "Subsurface Scale": 0.001,
        },
    )
    return g.finish(surface.outputs[0])


def cloth(colour: Colour, *, weave: float = 900.0, folds: float = 0.6) -> bpy.types.Material:
    """Plain knit or jersey: rough, a little sheen, a fine weave, and broad soft folds as bump."""
    g = Graph("cloth")
    where = g.add("ShaderNodeTexCoord").outputs["Object"]
    fold = g.add("ShaderNodeTexNoise", {"Vector": where, "Scale": 9.0, "Detail": 2.0, "Distortion": 1.2})
    broad = g.add("ShaderNodeBump", {"Height": fold.outputs[0], "Strength": folds, "Distance": 0.02})
    thread = g.add("ShaderNodeTexVoronoi", {"Vector": where, "Scale": weave})
    fine = g.add(
        "ShaderNodeBump",
        {
            "Height": thread.outputs[0],
            "Strength": 0.35 if weave else 0.0,
            "Distance": 0.0008,
            "Normal": broad.outputs[0],
        },
    )
    tone = g.add("ShaderNodeMapRange", {0: thread.outputs[0], 1: 0.0, 2: 0.8, 3: 1.06, 4: 0.86 if weave else 1.06})
    base = g.add("ShaderNodeHueSaturation", {"Color": rgba(colour), "Value": tone.outputs[0]})
    surface = g.add(
        "ShaderNodeBsdfPrincipled",
        {
            "Base Color": base.outputs[0],
            "Roughness": 0.9,
            "Specular IOR Level": 0.2,
            "Sheen Weight": 0.25,
            "Sheen Roughness": 0.5,
            "Normal": fine.outputs[0],
        },
    )
    return g.finish(surface.outputs[0])
