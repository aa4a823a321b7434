"""The voice's own program: `python -m avatard.speech.worker ENGINE VOICE`, one voice a process.

espeak-ng and Piper are GPL-3. Only this package loads them, only in that process, and what goes in and out is the pipe
protocol of `protocol.py`: text in, sound and times out. The daemon never imports anything here but `protocol`.
"""
