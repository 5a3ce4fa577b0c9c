"""Which folders lie on file systems whose changes the kernel does not tell: somebody else's machine makes them."""

from __future__ import annotations

import os

#: Types that stand in /proc/self/mountinfo; "fuse" is any of fuse.sshfs, fuse.s3fs …
_REMOTE = frozenset(
    {
        *("9p", "acfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse", "glusterfs", "gpfs", "lustre"),
        *("ncpfs", "nfs", "nfs4", "orangefs", "panfs", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs"),
    }
)


def is_remote(folder: str) -> bool:
    """Whether changes in a folder may come unheard; False also when it cannot be said."""
    try:
        device = os.stat(folder).st_dev
        with open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as mounts:
            types = dict(map(_device_and_type, mounts))
    except OSError:
        return False
    return types.get(f"{os.major(device)}:{os.minor(device)}", "").partition(".")[0] in _REMOTE


def _device_and_type(mount: str) -> tuple[str, str]:
    # 36 35 98:0 /root /mount-point rw,noatime master:1 - ext3 /dev/root rw,errors=continue
    before, _, behind = mount.partition(" - ")
    return before.split(" ", 3)[2], behind.partition(" ")[0]
