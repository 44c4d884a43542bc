"""A machine fresh from its installer: this one's system under a layer of its own, that systemd can boot and that is gone afterwards."""

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Self

from tests.not_tested import needs

PROJECT = Path(__file__).resolve().parents[2]
USER = "visitor"
"""An ordinary user, who may use sudo."""
HOME = Path("/home") / USER
CHECKOUT = HOME / "deskside"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""As Debian gives it: no Python of somebody's home is found on it."""

_LAY = """
mount -t tmpfs -o size=8g tmpfs "$0" && mkdir "$0/upper" "$0/work" "$0/root" &&
mount -t overlay overlay -o "lowerdir=/,upperdir=$0/upper,workdir=$0/work" "$0/root" &&
mount --rbind /dev "$0/root/dev" && mount -t proc proc "$0/root/proc" && mount -t tmpfs tmpfs "$0/root/tmp" &&
chmod 1777 "$0/root/tmp" && echo laid && exec sleep infinity
"""
_BOOT = """
umount -R /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup && mkdir -p "/sys/fs/cgroup/fresh-$$" &&
echo $$ > "/sys/fs/cgroup/fresh-$$/cgroup.procs" && mkdir -p /run/systemd/inaccessible && umount -R "$0/dev" "$0/proc" "$0/tmp" &&
exec systemd-nspawn --quiet --directory "$0" --boot --register=no --keep-unit --console=pipe --private-network
"""
BOOT_S = 60.0


class FreshMachine:
    """The machine, as a context.

    Args:
        folder: Where to lay it; nothing is there yet.
    """

    def __init__(self, folder: Path) -> None:
        for program, package in (("systemd-nspawn", "systemd-container"), ("sudo", "sudo"), ("git", "git")):
            if shutil.which(program, path=PATH) is None:
                needs(program, f"apt-get install {package}")
        if os.geteuid() != 0:
            needs("a machine of its own to install on", "run the tests as root")
        self._folder = folder
        self.root = folder / "root"
        self._enter: list[str] = []
        self._booted: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._folder.mkdir()
        lay = ["unshare", "--mount", "--propagation", "private", "sh", "-c", _LAY, str(self._folder)]
        self._layer = subprocess.Popen(lay, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self._layer.stdout is not None
        assert self._layer.stderr is not None
        if self._layer.stdout.readline() != "laid\n":
            why = self._layer.stderr.read().strip()
            self._end(self._layer)
            needs("a kernel that lets root lay a file system over its own", why)
        self._enter = ["nsenter", "--target", str(self._layer.pid), "--mount", "chroot", str(self.root)]
        try:
            self._settle()
        except BaseException:
            self._end(self._layer)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._booted is not None:
            self._end(self._booted)
        self._end(self._layer)

    def _settle(self) -> None:
        """Nothing of ours is installed; there is a user, with a copy of the repository as it is now."""
        self.root_does(
            "rm -rf /opt/deskside /etc/deskside /etc/credstore/deskside* /var/lib/deskside* /usr/local/bin/deskside* /etc/mosquitto/conf.d/* "
            "/usr/local/lib/*/deskside*.conf /usr/local/lib/systemd/system/deskside*; "
            "userdel deskside 2>/dev/null; userdel deskside-central 2>/dev/null; "
            f"useradd --create-home --shell /bin/bash {USER} && echo '{USER} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/{USER}"
        )
        copy = self.root / CHECKOUT.relative_to("/")
        copied = (
            f"git clone --quiet --no-hardlinks {PROJECT} {copy} && cd {PROJECT} && "
            # With what is not committed yet.
            f"git ls-files -z --cached --others --exclude-standard | tar -c --null --ignore-failed-read --files-from=- | tar -C {copy} -x"
        )
        subprocess.run([*self._enter[:-2], "sh", "-c", copied], check=True, capture_output=True)
        self.root_does(f"chown -R {USER}: {HOME}")

    def boot(self) -> None:
        """Start systemd on it; from here on it has no network but its own."""
        boot = [*self._enter[:-2], "sh", "-c", _BOOT, str(self.root)]
        with (self._folder.parent / "boot.log").open("wb") as log:
            self._booted = subprocess.Popen(boot, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        until_s = time.monotonic() + BOOT_S
        while time.monotonic() < until_s and self._booted.poll() is None:
            children = Path(f"/proc/{self._booted.pid}/task/{self._booted.pid}/children").read_text().split()
            for child in children:
                enter = ["nsenter", "--target", child, "--all"]
                asked = [*enter, "systemctl", "is-system-running"]
                said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
                if said in {"running", "degraded"}:
                    self._enter = enter
                    return
            time.sleep(0.2)
        self._end(self._booted)
        needs("systemd-nspawn that boots", (self._folder.parent / "boot.log").read_text().strip()[-300:])

    def types(
        self, line: str, user: str = USER, timeout_s: float = 600.0
    ) -> subprocess.CompletedProcess[str]:
        """A line as a user types it in their copy of the repository."""
        settled = [
            "env",
            "-i",
            f"PATH={PATH}",
            "LANG=C.UTF-8",
            "TERM=dumb",
            f"USER={user}",
            f"LOGNAME={user}",
        ]
        kept = [f"{name}={os.environ[name]}" for name in os.environ if name.startswith("PIP_")]
        as_user = ["setpriv", "--reuid", user, "--regid", user, "--init-groups"] if user != "root" else []
        shell = [*as_user, "bash", "-c", f"cd {CHECKOUT} 2>/dev/null; {line}"]
        home = f"HOME={HOME if user == USER else '/root'}"
        return subprocess.run(
            [*self._enter, *settled, home, *kept, *shell],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout_s,
        )

    def receives(self, folder: Path, place: str) -> None:
        """A copy of a folder of this machine; the fresh one has a /tmp of its own, in which it may not be found."""
        outside = ["nsenter", "--target", str(self._layer.pid), "--mount"]
        subprocess.run([*outside, "cp", "-r", str(folder), f"{self.root}{place}"], check=True)

    def root_does(self, line: str) -> str:
        """What stands around the story that is told, done by root; it must work."""
        done = self.types(line, user="root")
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    def _end(self, process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
