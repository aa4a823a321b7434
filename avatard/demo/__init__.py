"""Demo: the shipped performer drives an avatar through the whole live pipeline; needs no camera and no device."""
