#!/usr/bin/env bash
# system.sh [test]: system packages that the wheels need: OpenCV's window libraries, PulseAudio's client library (which
# every desktop has), and venv where Debian splits it from Python. With `test` also PipeWire and PulseAudio and what
# reads them back; tests that miss these skip and say so.
set -euo pipefail
[ "$(uname)" = Linux ] || exit 0
PATH=$PATH:/sbin:/usr/sbin # Debian's users do not have ldconfig

needed=()
if [ "${1:-}" = test ]; then
  has() { command -v "$1" >/dev/null; }
  { has pipewire && has pw-dump; } || needed+=(pipewire)
  has wireplumber || needed+=(wireplumber)
  { has dbus-daemon && has dbus-send; } || needed+=(dbus)
  has socat || needed+=(socat)
  { has speech-dispatcher && has spd-say; } || needed+=(speech-dispatcher)
  has gst-launch-1.0 || needed+=(gstreamer1.0-tools)
  gst-inspect-1.0 pipewiresrc >/dev/null 2>&1 || needed+=(gstreamer1.0-pipewire)
  { has parec && has paplay; } || needed+=(pulseaudio-utils)
  ldconfig -p | grep -q 'libportaudio\.so\.2' || needed+=(libportaudio2 libasound2-plugins)
  # Two sound servers on a machine that has one would quarrel over the user's sound at the next login.
  has pulseaudio || has pipewire-pulse || needed+=(pulseaudio pipewire-pulse)
  [ -e /usr/share/dbus-1/services/org.freedesktop.portal.Desktop.service ] || needed+=(xdg-desktop-portal)
else
  ldconfig -p | grep -q 'libGL\.so\.1' || needed+=(libgl1)
  ldconfig -p | grep -q 'libglib-2\.0\.so\.0\|libgthread-2\.0\.so\.0' || needed+=(libglib2.0-0)
  ldconfig -p | grep -q 'libpulse\.so\.0' || needed+=(libpulse0)
  python3 -c 'import ensurepip' 2>/dev/null || needed+=(python3-venv)
fi
[ ${#needed[@]} -eq 0 ] && exit 0

install() {
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

if [ "${1:-}" = test ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing ${needed[*]} by apt-get, for the tests"
    install "${needed[@]}" || echo "some of it cannot be had here; the tests that need it skip" >&2
  else
    echo "the tests skip what needs ${needed[*]}; to run all: sudo apt install ${needed[*]}"
  fi
elif ! command -v apt-get >/dev/null; then
  echo "avatard needs: ${needed[*]} (Debian's names); install them with your package manager." >&2
  exit 1
elif [ "$(id -u)" = 0 ]; then
  echo "installing ${needed[*]} by apt-get"
  install "${needed[@]}"
else
  printf 'avatard needs some system packages. Paste this, then run make again:\n\n  sudo apt install %s\n\n' "${needed[*]}" >&2
  exit 1
fi
