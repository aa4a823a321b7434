"""Voices: text becomes clauses of sound, each with its phonemes and words."""
