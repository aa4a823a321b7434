#!/usr/bin/env bash
# venv.sh FOLDER: a virtual environment with the first Python of 3.10–3.12 that is found.
set -euo pipefail

for python in "${PYTHON:-python3}" python3.12 python3.11 python3.10; do
  if "$python" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; then
    exec "$python" -m venv "$1"
  fi
done
echo "avatard needs Python 3.10, 3.11 or 3.12 (mediapipe has no wheel with models for others). Install one, or name it: PYTHON=python3.12 make …" >&2
exit 1
