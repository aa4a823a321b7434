#!/usr/bin/env bash
# build.sh FOLDER [browser]: what QEMU boots, into FOLDER: vmlinux, initrd.gz and disk.ext4. Run as root.
#
# A minimal Debian 12 with its own kernel, v4l2loopback built against that, and avatard's wheel with its locked
# dependencies; nothing but QEMU and the tools named below is installed on this machine. "browser" adds Chromium.
# Each step leaves a stamp with a hash of its inputs and is left out while that holds: a second run takes a second.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
checkout=$(cd "$here/../.." && pwd)
python=${PYTHON:-$checkout/.venv/bin/python}
folder=$(mkdir -p "$1" && cd "$1" && pwd)
browser=${2:-}
root=$folder/root
log=$folder/build.log
SUITE=bookworm GUEST_PYTHON=3.11

say() { echo "vm: $*, at $SECONDS s" >&2; }
fresh() { [ -e "$folder/$1.stamp" ] && [ "$(cat "$folder/$1.stamp")" = "$2" ]; } # step, hash
done_with() { echo "$2" >"$folder/$1.stamp"; }
hash_of() { cat "$@" | sha256sum | cut -c1-16; }

packages=systemd,systemd-sysv,udev,dbus,dbus-user-session,libpam-systemd,kmod,procps,busybox-static,cpio
packages+=,python3,python3-venv,ffmpeg,v4l-utils,libgl1,libglib2.0-0,make,linux-headers-amd64
[ "$browser" = browser ] && packages+=,chromium

# The tools, by apt where they are missing.
needed=()
for tool in qemu-system-x86_64:qemu-system-x86 mmdebstrap:mmdebstrap mke2fs:e2fsprogs; do
  command -v "${tool%%:*}" >/dev/null || needed+=("${tool#*:}")
done
[ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || needed+=(debian-archive-keyring)
if [ ${#needed[@]} -gt 0 ]; then
  say "installing ${needed[*]} by apt-get"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${needed[@]}" >/dev/null
fi

# 1. Debian, from the index that this machine's apt uses (elsewhere from mmdebstrap's own choice).
base=$(echo "$packages" "$SUITE" | hash_of - "$here/build.sh" "$here/unpack_kernel.py")
if ! fresh base "$base"; then
  rm -rf "$folder"/*.stamp "$root" "$folder/kernel"
  sources=()
  while read -r uri; do
    case $uri in *security*) sources+=("deb $uri $SUITE-security main") ;; *) sources+=("deb $uri $SUITE main") ;; esac
  done < <(apt-get indextargets --format '$(SITE) $(REPO_URI)' 'Origin: Debian' 'Created-By: Packages' | cut -d' ' -f2 | sort -u)
  apt-config dump | grep -E '^Acquire::https?::' >"$folder/apt.conf" || true
  # Downloads the kernel and the module's source beside what is installed: unpacked below, without their hooks.
  cat >"$folder/fetch.sh" <<'FETCH'
set -e
export APT_CONFIG=$MMDEBSTRAP_APT_CONFIG
image=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image/ {print $2; exit}')
mkdir -p "$2" && cd "$2" && apt-get download -q "$image" v4l2loopback-dkms
FETCH
  mmdebstrap --variant=minbase --include="$packages" --aptopt="$folder/apt.conf" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook="bash '$folder/fetch.sh' \"\$1\" '$folder/kernel'" \
    "$SUITE" "$root" "${sources[@]}" >"$log" 2>&1 || { tail -20 "$log" >&2; exit 1; }
  say "Debian $(du -sh "$root" | cut -f1)"

  # 2. The kernel, what it needs of its modules, and v4l2loopback.
  for package in "$folder"/kernel/*.deb; do dpkg-deb -x "$package" "$folder/kernel"; done
  version=$(basename "$folder"/kernel/lib/modules/*)
  modules=lib/modules/$version
  cp -r "$folder"/kernel/usr/src/v4l2loopback-* "$root/usr/src/v4l2loopback"
  chroot "$root" make -s -C "/lib/modules/$version/build" M=/usr/src/v4l2loopback modules >>"$log" 2>&1
  depmod -b "$folder/kernel" "$version"
  cp "$folder/kernel/$modules"/modules.{order,builtin,builtin.modinfo} "$root/$modules/"
  for module in vivid 9p 9pnet_virtio virtio_pci virtio_blk virtio_console ext4 autofs4; do
    modprobe -d "$folder/kernel" -S "$version" --show-depends "$module"
  done | awk '$1 == "insmod" && !seen[$2]++ {print $2}' | while read -r file; do
    install -D -m 644 "$file" "$root/${file#"$folder/kernel/"}"
  done
  install -D -m 644 "$root/usr/src/v4l2loopback/v4l2loopback.ko" "$root/$modules/updates/v4l2loopback.ko"
  depmod -b "$root" "$version"
  # QEMU starts the ELF kernel at its PVH entry: no firmware, and no unpacking at the emulator's pace.
  "$python" "$here/unpack_kernel.py" "$folder/kernel/boot/vmlinuz-$version" "$folder/vmlinux"
  chroot "$root" python3 -m venv /opt/avatard
  rm -rf "$folder/kernel" "$root/var/cache/apt" "$root/var/lib/apt/lists"
  done_with base "$base"
  say "kernel $version and v4l2loopback"
fi

# 3. What avatard needs, as locked. The markers are the guest's Python's, not this one's.
lock=$base-$(hash_of "$checkout/requirements/run.txt" "$here/locked.py")
if ! fresh lock "$lock"; then
  rm -f "$folder"/{lock,wheel,disk}.stamp
  "$python" "$here/locked.py" "$checkout/requirements/run.txt" "$GUEST_PYTHON" >"$folder/locked.txt"
  platforms=()
  for tag in manylinux_2_{36..17}_x86_64 manylinux2014_x86_64; do platforms+=(--platform "$tag"); done
  site=$root/opt/avatard/lib/python$GUEST_PYTHON/site-packages
  "$python" -m pip install -qq --root-user-action ignore --no-deps --no-compile --require-hashes --upgrade \
    --target "$site" --python-version "$GUEST_PYTHON" --only-binary :all: "${platforms[@]}" -r "$folder/locked.txt"
  chroot "$root" /opt/avatard/bin/python -m compileall -q -j 2 /opt/avatard/lib >>"$log" 2>&1 || true # some are templates
  done_with lock "$lock"
  say "avatard's dependencies"
fi

# 4. avatard itself, as a user gets it: its wheel.
rm -rf "$folder/wheel"
"$python" -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$folder/wheel" "$checkout"
wheel=$lock-$(hash_of "$folder"/wheel/*.whl)
if ! fresh wheel "$wheel"; then
  rm -f "$folder"/{wheel,disk}.stamp
  cp "$folder"/wheel/*.whl "$root/tmp/"
  chroot "$root" sh -c '/opt/avatard/bin/pip install --quiet --no-deps --no-index --force-reinstall /tmp/*.whl && rm /tmp/*.whl'
  ln -sf /opt/avatard/bin/avatard "$root/usr/local/bin/avatard"
  done_with wheel "$wheel"
  say "avatard's wheel"
fi

# 5. The disk, and what reaches it at the start.
disk=$wheel-$(hash_of "$here"/guest/* "$here/initrd.sh")
if ! fresh disk "$disk"; then
  bash "$here/guest/install.sh" "$root"
  bash "$here/initrd.sh" "$root" "$(basename "$root"/lib/modules/*)" "$folder/initrd.gz"
  rm -f "$folder/disk.ext4"
  megabytes=$(($(du -sm --apparent-size "$root" | cut -f1) * 13 / 10 + 300))
  mke2fs -q -t ext4 -O ^has_journal,^metadata_csum -m 0 -d "$root" "$folder/disk.ext4" "${megabytes}M" >>"$log"
  done_with disk "$disk"
  say "disk $(du -h "$folder/disk.ext4" | cut -f1)"
fi
