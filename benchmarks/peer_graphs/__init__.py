"""Compute graphs of published reenactment networks, from their papers' and configurations' layer tables.

Weights are random: what comes out means nothing, what it costs is what the real one costs. The numbers of parameters
are those that the makers publish, which `tests/benchmarks/peer_graphs` checks.
"""
