"""Another Debian in a folder, for what this machine's own Debian does not have."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from machine import PATIENCE, need

# Entered by `unshare`, so that every mount is gone with the last process in it, and every process
# with the first. A plain chroot would do for most programs, but not for those that mount on their
# own, as Apptainer.
ENTER = """\
set -e
mount --bind {root} {root}
mount -t proc proc {root}/proc
mount --rbind /dev {root}/dev
mount --rbind /sys {root}/sys
{binds}
mkdir -p {root}/old
cd {root}
pivot_root . old
umount --lazy /old
cd {folder}
exec {command}
"""
ENVIRONMENT = {
    "PATH": "/usr/bin:/usr/sbin:/bin:/sbin",
    "LANG": "C.UTF-8",
    "HOME": "/root",
    "PIP_CERT": "/etc/ssl/certs/ca-certificates.crt",
    "PIP_DEFAULT_TIMEOUT": "180",
}


@dataclass
class DebianRoot:
    """A Debian of another suite in the folder `root`."""

    root: Path

    def make(self, suite: str, packages: Iterable[str]) -> None:
        """Install a suite's minimal system with some packages; skip where it cannot be entered."""
        need(
            "mmdebstrap",
            "--quiet",
            "--variant=apt",
            '--aptopt=Acquire::Check-Valid-Until "false"',
            # Entering it takes `umount`.
            f"--include={','.join(['mount', 'ca-certificates', *packages])}",
            suite,
            self.root,
        )
        # What makes this machine's network work.
        for name in ("resolv.conf", "hosts", "ssl/certs/ca-certificates.crt"):
            target = self.root / "etc" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((Path("/etc") / name).read_bytes())
        need(*self._enter(["true"], Path("/tmp")))

    def run(
        self, *command: str | Path, folder: Path, binds: Iterable[Path] = ()
    ) -> subprocess.CompletedProcess:
        """Run a command in it, in `folder`; it sees that and `binds` of this machine's folders."""
        return subprocess.run(
            self._enter(command, folder, binds),
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def _enter(self, command, folder: Path, binds: Iterable[Path] = ()) -> list[str]:
        mounts = []
        for path in dict.fromkeys([folder, *binds]):
            inside = self.root / path.relative_to("/")
            if path.is_dir():
                inside.mkdir(parents=True, exist_ok=True)
            else:
                inside.parent.mkdir(parents=True, exist_ok=True)
                inside.touch()
            mounts.append(f"mount --bind {shlex.quote(str(path))} {shlex.quote(str(inside))}")
        script = ENTER.format(
            root=shlex.quote(str(self.root)),
            binds="\n".join(mounts),
            folder=shlex.quote(str(folder)),
            command=shlex.join(map(str, command)),
        )
        namespaces = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child"]
        return ["unshare", *namespaces, "sh", "-c", script]


def python_files(python: Path) -> list[Path]:
    """The folders that a virtual environment's Python needs besides the environment itself."""
    code = "import sys, sysconfig; print(sys.base_prefix, sysconfig.get_path('stdlib'))"
    prefix, library = subprocess.run(
        [python, "-c", code], stdout=subprocess.PIPE, text=True, check=True
    ).stdout.split()
    if prefix != "/usr":
        return [Path(prefix)]
    # Debian's own Python: its executable and library lie among everyone else's.
    return [Path(os.path.realpath(python)), Path(library)]
