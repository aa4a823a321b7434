"""Bench: what the live path costs on this machine, held against a budget.

    budget ─▶ run ─▶ result ─▶ judge ─▶ table, page, JSON
    budget ─▶ end_to_end ─▶ leg ─▶ end_to_end_table, JSON, submission

`run` drives the real pipeline and measures it through a `Window`. The age is taken by an independent process at the
sink where there is one to read it (`routes`: `ring_reader`, `pipewire_reader`, `v4l2_reader`, `browser_reader`).
`benchmarks/README.md` defines every figure.
"""
