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
printf '/dev/vda / ext4 noatime 0 1\nhost /mnt/host 9p trans=virtio,version=9p2000.L,msize=262144 0 0\n' >"$root/etc/fstab"

# What no test looks at costs seconds of a boot at the emulator's pace.
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \
  e2scrub_reap.service getty@tty1.service serial-getty@ttyS0.service systemd-firstboot.service \
  systemd-random-seed.service systemd-update-utmp.service systemd-pstore.service; do
  ln -sf /dev/null "$units/$unit"
done
chroot "$root" systemd-machine-id-setup >/dev/null 2>&1

# Who uses the camera: nobody special, and in the group that the device belongs to.
chroot "$root" id tester >/dev/null 2>&1 || chroot "$root" useradd --create-home --groups video --shell /bin/bash tester
