"""The ELF kernel out of a bzImage: `unpack_kernel.py VMLINUZ VMLINUX`.

QEMU starts an ELF kernel at its PVH entry point, with no firmware and without unpacking it in the emulator.
"""

from __future__ import annotations

import lzma
import struct
import sys
import zlib
from pathlib import Path

#: Offsets in the boot protocol's header (Documentation/arch/x86/boot.rst).
SETUP_SECTORS, PAYLOAD = 0x1F1, 0x248
SECTOR = 512


def unpack(image: bytes) -> bytes:
    """The vmlinux that the bzImage carries, by xz (Debian's) or gzip. Raises ValueError for other contents."""
    setup = (image[SETUP_SECTORS] or 4) + 1
    offset, length = struct.unpack_from("<II", image, PAYLOAD)
    payload = image[setup * SECTOR + offset :][:length]
    if payload.startswith(b"\xfd7zXZ\0"):
        kernel = lzma.LZMADecompressor(lzma.FORMAT_XZ).decompress(payload)  # its size follows: not a plain file
    elif payload.startswith(b"\x1f\x8b"):
        kernel = zlib.decompressobj(31).decompress(payload)
    else:
        raise ValueError(f"a kernel packed in another way: {payload[:6]!r}")
    if not kernel.startswith(b"\x7fELF"):
        raise ValueError("no ELF file inside")
    return kernel


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(unpack(Path(sys.argv[1]).read_bytes()))
