"""Phrase boards: buttons that say or do something, kept, taken in and given out in the Open Board Format.

`board` is the model, `obf`, `obz` and `package` are the codec, pure both.
"""
