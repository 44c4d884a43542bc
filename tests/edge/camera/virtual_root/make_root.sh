#!/bin/bash
# Makes a Debian trixie root with the real libcamera and picamera2, whose cameras are libcamera's virtual ones.
#   make_root.sh ROOT        needs root, mmdebstrap, some minutes and 2 GB
# Then: DESKSIDE_CAMERA_ROOT=ROOT make test
set -euo pipefail
root=$1
here=$(cd "$(dirname "$0")" && pwd)
lock=$here/../../../../requirements.lock

version() { sed -n "s/^$1==\([^ ]*\).*/\1/p" "$lock" | tail -1; }

mmdebstrap --variant=minbase --include=python3-libcamera,libcamera-tools,python3-numpy,python3-prctl,python3-pil,python3-av,python3-libarchive-c,python3-tqdm,python3-jsonschema,python3-venv,python3-dev,gcc,libc6-dev,ca-certificates trixie "$root"
cp /etc/resolv.conf "$root/etc/"
# A mirror in front of the registry is found, and trusted, as on this machine.
test ! -e /etc/pip.conf || cp /etc/pip.conf "$root/etc/"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"

mkdir -p "$root/harness/frames" "$root/usr/share/libcamera/pipeline/virtual"
cp "$here"/{dma_buffers.c,pykms.py} "$root/harness/"
cp "$here/virtual.yaml" "$root/usr/share/libcamera/pipeline/virtual/"

chroot "$root" gcc -shared -fPIC -O2 -o /harness/dma_buffers.so /harness/dma_buffers.c
chroot "$root" python3 -m venv --system-site-packages /harness/venv
chroot "$root" /harness/venv/bin/pip install --quiet --no-deps picamera2 videodev2 piexif simplejpeg OpenEXR PiDNG
chroot "$root" /harness/venv/bin/pip install --quiet "numpy==$(version numpy)" pytest \
  "opencv-python-headless==$(version opencv-python-headless)" "pydantic==$(version pydantic)"
