"""avatard: a webcam in, a consented and labelled avatar out, as a virtual camera."""

__version__ = "0.1.0"
