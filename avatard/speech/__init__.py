"""Speech: a typed sentence becomes a voice, and the avatar's lips follow it."""
