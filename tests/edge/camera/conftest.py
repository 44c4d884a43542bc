"""What of this folder is collected here."""

from importlib.util import find_spec

collect_ignore = ["rtsp"] if find_spec("libcamera") else ["rtsp", "virtual_root"]
"""The checks of virtual_root run inside the root that make_root.sh builds, where libcamera is (`test_virtual_camera.py`); the server of rtsp is
run by Debian's Python."""
