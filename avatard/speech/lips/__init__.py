"""Lips: phonemes on the sound's own clock become the movement of a face."""
