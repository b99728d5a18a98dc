"""A SLURM cluster of one machine, with ports and keys of its own, gone when it is stopped."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

# Other ports than SLURM's own, so that a cluster which the machine is part of is not disturbed.
CONTROLLER_PORT, NODE_PORT = 16817, 16818
# Where SLURM's commands look; a variable would not reach the steps of a job.
SETTINGS = Path("/etc/slurm/slurm.conf")
# Seconds for a daemon to start on a busy machine.
PATIENCE = 300
# Memory is watched as clusters watch it: a job over its request is killed as out of memory.
CONFIGURATION = """\
ClusterName=retrace
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
MpiDefault=none
ReturnToService=2
SlurmdTimeout=60
MessageTimeout=30
KillWait=5
MinJobAge=86400
SchedulerParameters=sched_interval=2,batch_sched_delay=0
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=16000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=60 State=UP
"""


@dataclass
class Cluster:
    """The daemons of a one-node cluster; its files are in a folder of its own."""

    folder: Path
    cpus: int = 2
    daemons: dict[str, subprocess.Popen] = field(default_factory=dict)

    def start(self) -> None:
        """Start the daemons and wait until the node takes jobs."""
        host = socket.gethostname().partition(".")[0]
        for name in ("munge", "state", "spool"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        SETTINGS.parent.mkdir(exist_ok=True)
        if self.is_left_over():
            SETTINGS.unlink()
        # Only where there is none: a machine that belongs to a cluster stays in it.
        with SETTINGS.open("x") as settings:
            settings.write(
                CONFIGURATION.format(
                    folder=self.folder,
                    host=host,
                    cpus=self.cpus,
                    controller_port=CONTROLLER_PORT,
                    node_port=NODE_PORT,
                )
            )
        munge = self.folder / "munge"
        (munge / "key").write_bytes(secrets.token_bytes(128))
        (munge / "key").chmod(0o600)
        names = {"key-file": "key", "socket": "socket", "pid-file": "pid", "log-file": "log"}
        names |= {"seed-file": "seed"}
        options = [f"--{option}={munge / name}" for option, name in names.items()]
        self._run("munged", "--foreground", "--force", *options)
        self._wait("munge", lambda: (munge / "socket").exists())
        self._run("slurmctld", "-D")
        self.start_node()

    def is_left_over(self) -> bool:
        """Whether a killed test left its settings, and nothing runs by them."""
        if not SETTINGS.exists() or f"StateSaveLocation={self.folder}/" not in SETTINGS.read_text():
            return False
        pid = self.folder / "slurmctld.pid"
        return not pid.exists() or not Path(f"/proc/{pid.read_text().strip()}").exists()

    def start_node(self) -> None:
        """Start the node's daemon, as after a crash of the node, and wait until it takes jobs."""
        self._run("slurmd", "-D")
        self._wait("the node", lambda: self.command("sinfo", "-h", "-o", "%t") in {"idle", "mix"})

    def kill_node(self) -> None:
        """Kill the node's daemon without a chance to clean up; its jobs go with it."""
        daemon = self.daemons.pop("slurmd")
        # A job outlives the daemon unless what watches it dies as well.
        steps = [process for process in psutil.process_iter() if process.name() == "slurmstepd"]
        jobs = [child for step in steps for child in step.children(recursive=True)]
        for process in [psutil.Process(daemon.pid), *steps, *jobs]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        daemon.wait()

    def command(self, *command: str) -> str:
        """What one of SLURM's commands prints."""
        return subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        ).stdout.strip()

    def jobs(self) -> dict[int, dict[str, str]]:
        """What SLURM says of each job that it still remembers, by number."""
        lines = self.command("scontrol", "show", "job", "--oneliner").splitlines()
        found = [dict(re.findall(r"(\w+)=(\S+)", line)) for line in lines]
        return {int(job["JobId"]): job for job in found if "JobId" in job}

    def stop(self) -> None:
        """Cancel what runs and stop every daemon."""
        if not self.daemons:
            return
        self.command("scancel", "--user", "root")
        for name in ("slurmd", "slurmctld", "munged"):
            if daemon := self.daemons.pop(name, None):
                daemon.terminate()
                try:
                    daemon.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    daemon.kill()
                    daemon.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
        SETTINGS.unlink(missing_ok=True)

    def _run(self, name: str, *arguments: str) -> None:
        with (self.folder / f"{name}.out").open("w") as output:
            self.daemons[name] = subprocess.Popen(
                [shutil.which(name, path=f"/usr/sbin:{os.environ['PATH']}"), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _wait(self, what: str, ready) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if ready():
                return
            time.sleep(0.5)
        logs = "".join(
            f"--- {log.name}\n{log.read_text()[-1500:]}"
            for pattern in ("*.log", "*.out")
            for log in sorted(self.folder.glob(pattern))
        )
        raise RuntimeError(f"{what} did not start\n{self.command('sinfo')}\n{logs}")
