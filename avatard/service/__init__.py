"""avatard as a systemd service: the user's own, or the hardened one of the system.

`plan` says which files and commands that takes, `owned` writes no file that somebody changed, `work` does it, `state`
tells how it stands. What they know of the machine is in `machine`, so that a test can lay one out.
"""
