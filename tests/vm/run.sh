#!/usr/bin/env bash
# run.sh [browser]: build the virtual machine where its inputs have changed, then run its tests (browser: Chromium's).
#
# Where it cannot be had it says why, and what to do about it, and ends well: nothing was found wrong.
#   NO_VM=1           leave it out
#   VM_FOLDER=PATH    where it is kept; .vm in the checkout (3 GB, with a browser 5 GB)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
checkout=$(cd "$here/../.." && pwd)
what=${1:-devices}
folder=${VM_FOLDER:-$checkout/.vm}/$what
LIMIT_S=2400 # of the tests; alone on two cores they take a tenth of it

without() {
  echo "vm: left out: $*" >&2
  exit 0
}

[ -z "${NO_VM:-}" ] || without "NO_VM is set"
[ "$(uname -sm)" = "Linux x86_64" ] || without "it is for Linux on x86-64, and this is $(uname -sm)"
command -v apt-get >/dev/null || without "its Debian is made with apt-get, which is not here; try in a Debian container"
[ "$(id -u)" = 0 ] || without "making a Debian takes root; paste: sudo make test-vm"

mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9 # one at a time: the tests of a second checkout wait
if [ "$what" = browser ]; then
  bash "$here/build.sh" "$folder" browser
  tests=(-m "vm and browser")
else
  bash "$here/build.sh" "$folder"
  tests=(-m "vm and not browser")
fi
cd "$checkout"
VM_BUILT=$folder exec timeout --foreground "$LIMIT_S" .venv/bin/python -m pytest tests/vm -v "${tests[@]}"
