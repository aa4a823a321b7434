"""The studio's shaders: soft ambient light, a frontal one and two keys; painted skin, photographs, teeth, eyes, cards.

Light is linear; a simple tone curve and sRGB's gamma come last.
"""

VERTEX = """#version 330
in vec3 at; in vec3 normal; in vec2 uv; in vec3 extra;
uniform float distance; uniform float focal; uniform vec2 shift;
out vec3 n; out vec2 t; out vec3 e; out vec3 view;
void main() {
    float z = at.z + distance;
    float depth = 2.0 * (z - 0.4 * distance) / (1.6 * distance) - 1.0;
    gl_Position = vec4(at.x * focal + shift.x * z, -at.y * focal + shift.y * z, depth * z, z);
    n = normal; t = uv; e = extra; view = normalize(vec3(at.xy, z));
}"""
FRAGMENT = """#version 330
in vec3 n; in vec2 t; in vec3 e; in vec3 view; out vec4 colour;
uniform sampler2D paint; uniform int kind;   // 0 skin, 1 inside, 2 eye, 3 card, 4 photograph
uniform vec3 tint; uniform float gamma; uniform vec3 shirt; uniform float stubble; uniform float gloss;
uniform vec3 above; uniform vec3 below; uniform vec3 front;
uniform vec3 key_at[2]; uniform vec3 key[2]; uniform float exposure; uniform float saturation; uniform float opaque;
float noise(vec2 p) { return fract(sin(dot(floor(p), vec2(12.9898, 78.233))) * 43758.5453); }
void main() {
    vec4 texel = texture(paint, t);
    if (kind == 3 && texel.a * opaque < 0.12) discard;
    if (kind == 4) { colour = vec4(pow(min(pow(texel.rgb, vec3(2.2)) * e.x, vec3(1)), vec3(1.0 / 2.2)), 1.0); return; }
    vec3 albedo = pow(pow(texel.rgb, vec3(2.2)), vec3(gamma)) * tint;
    if (kind == 0) {
        albedo = mix(albedo, shirt, e.y);
        float hairs = stubble * e.z * (0.55 + 0.45 * noise(t * 1100.0)) * (0.6 + 0.4 * noise(t * 400.0));
        albedo *= 1.0 - 0.8 * hairs;
    }
    vec3 m = normalize(n);
    if (kind == 3 && m.z > 0.0) m = -m;
    vec3 sky = mix(below, above, 0.5 - 0.5 * m.y) + front * pow(max(-m.z, 0.0), 1.3);
    vec3 lit = sky;
    vec3 shine = vec3(0);
    vec3 facing = mix(below, above, 0.5) + front;
    for (int i = 0; i < 2; i++) {
        float d = dot(m, key_at[i]);
        lit += key[i] * pow(max(0.75 * d + 0.25, 0.0), 1.4);
        facing += key[i] * max(-key_at[i].z, 0.0);
        vec3 h = normalize(key_at[i] - view);
        float sharp = kind == 2 ? 300.0 : (kind == 1 ? 60.0 : 22.0);
        shine += key[i] * pow(max(dot(m, h), 0.0), sharp) * (kind == 2 ? 1.2 : (kind == 1 ? 0.25 * e.x : gloss));
    }
    float outer = kind == 1 ? 0.0 : smoothstep(0.8, 1.0, e.x);
    vec3 inner = facing * e.x * 1.15;
    lit = mix(inner, lit, outer);
    if (kind == 2) lit *= 0.8 - 0.35 * smoothstep(-0.1, 0.55, -m.y) - 0.15 * smoothstep(0.2, 0.7, m.y);
    vec3 c = (albedo * lit + shine * (kind == 3 ? 0.2 : 1.0)) * exposure;
    float grey = dot(c, vec3(0.3, 0.6, 0.1));
    c = max(mix(vec3(grey), c, saturation), 0.0);
    c = c / (1.0 + 0.25 * c) * 1.1;
    colour = vec4(pow(min(c, vec3(1)), vec3(1.0 / 2.2)), kind == 3 ? min(texel.a * opaque, 1.0) : 1.0);
}"""
