#!/usr/bin/env bash
# install.sh ROOT: what makes the Debian in ROOT the guest of the tests. May be run again.
set -euo pipefail
root=$1
here=$(cd "$(dirname "$0")" && pwd)
units=$root/etc/systemd/system

install -D -m 644 "$here/agent.py" "$root/opt/vm/agent.py"
install -D -m 644 "$here/agent.service" "$units/agent.service"
mkdir -p "$units/multi-user.target.wants" "$root/mnt/host"
ln -sf ../agent.service "$units/multi-user.target.wants/agent.service"
echo avatard-vm >"$root/etc/hostname"
: >"$root/etc/fstab"

# On a starved host a boot takes minutes, and systemd's 90 s would end it in the emergency mode.
install -D -m 644 /dev/stdin "$root/etc/systemd/system.conf.d/vm.conf" <<'END'
[Manager]
DefaultTimeoutStartSec=900
DefaultDeviceTimeoutSec=900
END

# What no test looks at costs seconds of a boot at the emulator's pace. Devices that matter come after the boot.
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \
  e2scrub_reap.service getty@tty1.service serial-getty@ttyS0.service systemd-firstboot.service \
  systemd-random-seed.service systemd-update-utmp.service systemd-pstore.service systemd-udev-trigger.service \
  systemd-binfmt.service proc-sys-fs-binfmt_misc.automount kmod-static-nodes.service \
  modprobe@{configfs,dm_mod,drm,efi_pstore,fuse,loop}.service \
  dev-hugepages.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount \
  sys-fs-fuse-connections.mount systemd-journal-flush.service systemd-sysctl.service; do
  ln -sf /dev/null "$units/$unit"
done
touch "$root/etc/.updated" "$root/var/.updated" # no first boot
chroot "$root" systemd-machine-id-setup >/dev/null 2>&1

# Who uses the camera: nobody special, and in the group that the device belongs to.
chroot "$root" id tester >/dev/null 2>&1 || chroot "$root" useradd --create-home --groups video --shell /bin/bash tester
