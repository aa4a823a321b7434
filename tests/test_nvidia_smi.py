from __future__ import annotations

from avatard.nvidia_smi import gpus


def test_each_row_is_a_gpu_and_other_lines_are_none() -> None:
    said = "NVIDIA GeForce RTX 4090, 580.95\nNVIDIA T4, 570.86\nNo devices were found\n"
    assert gpus(said) == [("NVIDIA GeForce RTX 4090", "580.95"), ("NVIDIA T4", "570.86")]
