"""Runs in the guest: serves one page on localhost, and keeps what it posts as files in the share.

python3 page_server.py PORT PAGE FOLDER     a post to /first becomes FOLDER/page-first
"""

from __future__ import annotations

import http.server
import sys
from pathlib import Path


class Handler(http.server.BaseHTTPRequestHandler):
    """GET is the page, whatever its path."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE.read_bytes())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        part = FOLDER / "page-part"
        part.write_bytes(body)
        part.rename(FOLDER / f"page-{self.path.strip('/')}")  # whole from its first sight on
        self.send_response(204)
        self.end_headers()


PAGE, FOLDER = Path(sys.argv[2]), Path(sys.argv[3])
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
