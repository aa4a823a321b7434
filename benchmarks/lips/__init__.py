"""Whether lips that speak meet where they must: what `benchmarks/closures.py` runs."""
