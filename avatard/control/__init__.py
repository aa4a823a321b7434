"""Control: commands to a running daemon over a socket of this user's own.

`protocol` is the pure codec, `server` the daemon's end, `client` the commands' end, `door` how they meet.
"""
