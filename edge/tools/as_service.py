"""Being the service's own user: what root may, the service may not."""

import os
import pwd

SERVICE = "deskside"
"""The user of systemd/deskside.service; its groups video, gpio and input come with it (systemd/sysusers.d)."""


def become_service() -> str | None:
    """Give root's rights up for those of the service's user, for good; its name, or None where there is no such user or this is not root."""
    if os.geteuid() != 0:
        return None
    try:
        user = pwd.getpwnam(SERVICE)
    except KeyError:
        return None
    os.initgroups(user.pw_name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    os.environ["HOME"] = user.pw_dir
    return user.pw_name
