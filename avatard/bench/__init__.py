"""Bench: what the live path costs on this machine, held against a budget.

    budget ─▶ run ─▶ result ─▶ judge ─▶ table, page, JSON

`run` drives the real pipeline and measures it through a `Window`; the age is taken by an independent process at the
sink where there is one to read (`ring_reader`). `benchmarks/README.md` defines every figure.
"""
