#!/usr/bin/env bash
# System packages that the wheels need: OpenCV's window libraries, and venv where Debian splits it from Python.
set -euo pipefail
[ "$(uname)" = Linux ] || exit 0
PATH=$PATH:/sbin:/usr/sbin # Debian's users do not have ldconfig

needed=()
ldconfig -p | grep -q 'libGL\.so\.1' || needed+=(libgl1)
ldconfig -p | grep -q 'libglib-2\.0\.so\.0\|libgthread-2\.0\.so\.0' || needed+=(libglib2.0-0)
python3 -c 'import ensurepip' 2>/dev/null || needed+=(python3-venv)
[ ${#needed[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "avatard needs: ${needed[*]} (Debian's names); install them with your package manager." >&2
  exit 1
elif [ "$(id -u)" = 0 ]; then
  echo "installing ${needed[*]} by apt-get"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${needed[@]}" >/dev/null
else
  printf 'avatard needs some system packages. Paste this, then run make again:\n\n  sudo apt install %s\n\n' "${needed[*]}" >&2
  exit 1
fi
