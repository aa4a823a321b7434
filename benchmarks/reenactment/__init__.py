"""How good an engine's picture is: what `benchmarks/quality.py` runs, one measure or scene a file."""
