#!/usr/bin/env bash
# initrd.sh ROOT KERNEL OUT: busybox and the few modules that reach the disk; they are ROOT's own.
set -euo pipefail
root=$1 version=$2 out=$3
here=$(cd "$(dirname "$0")" && pwd)
tree=$root/tmp/initrd
rm -rf "$tree"
mkdir -p "$tree"/{bin,dev,proc,sys,root,modules}
cp "$root/bin/busybox" "$tree/bin/"
install -m 755 "$here/guest/init" "$tree/init"
mknod -m 622 "$tree/dev/console" c 5 1
for module in virtio_pci virtio_blk ext4; do
  modprobe -d "$root" -S "$version" --show-depends "$module"
done | awk '$1 == "insmod" && !seen[$2]++ {print $2}' | while read -r file; do
  cp "$file" "$tree/modules/"
  basename "$file" >>"$tree/order"
done
chroot "$root" sh -c 'cd /tmp/initrd && find . | cpio -o -H newc --quiet' | gzip -1 >"$out"
rm -rf "$tree"
