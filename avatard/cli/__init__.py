"""The command line: one file a command or group of commands. Parse, load the settings, call; no logic.

Each file is imported when its command runs: `avatard --help` must answer within 150 ms.
"""
