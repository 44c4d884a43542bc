"""What of this folder is collected here."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("libcamera") else ["virtual_root"]
"""The checks in there run inside the root that make_root.sh builds, where libcamera is (`test_virtual_camera.py`)."""
