"""The jail. What it covers, and what it does not.

Tier `bubblewrap`: own mount, pid, ipc, uts, net and user namespaces (bwrap); tier `landlock`:
Landlock (ABI >= 4) on files, TCP, abstract sockets and signals. In both the launcher adds rlimits,
drops every capability (root included), sets no_new_privs and loads a seccomp filter: no sockets, no
ptrace, no mounts, no namespaces, and in test runs no fork and no exec beyond the first. The
environment is empty, no home, no network, and in test runs no /proc.

Not covered: the kernel's own bugs, timing side channels, and the user's rustc being hostile. A jail
is used only after its probe: canaries that would succeed outside must fail inside, each time a
sandbox is opened. firejail fails open in containers; this refuses instead.
"""

from __future__ import annotations

import errno
import os
import platform
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sleepy.sandbox import process
from sleepy.sandbox.process import Finished, Limits
from sleepy.sandbox.toolchain import SandboxUnavailable, Toolchain

SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/alternatives")
_ROOM = 64 * process.MIB  # for the launcher, the test runtime and some programs
_NO_PROGRAM = "a program does not compile in it"
_SPENT = tuple(os.strerror(code) for code in (errno.ENOSPC, errno.EDQUOT))
_MORE_ROOM = f"free some space there, or set TMPDIR to a folder with {_ROOM // process.MIB} MiB"
LIBRARIES = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache")


class Tier(StrEnum):
    BUBBLEWRAP = "bubblewrap"  # namespaces + seccomp + rlimits
    LANDLOCK = "landlock"  # Landlock + seccomp + rlimits


class Profile(StrEnum):
    COMPILE = "compile"  # may fork its linker
    RUN = "run"  # one process, an allow list of system calls


@dataclass(frozen=True, slots=True)
class Jail:
    """One tier with its launcher. `run` is the only way into it."""

    tier: Tier
    launcher: Path
    toolchain: Toolchain

    def run(
        self,
        command: Sequence[str],
        *,
        profile: Profile,
        limits: Limits,
        folder: Path,
        writable: bool,
        stdin: bytes = b"",
        reads: Sequence[Path] = (),
        writes: Sequence[Path] = (),
        environment: Mapping[str, str] | None = None,
    ) -> Finished:
        """Runs a command that sees the system's libraries, `folder` and, compiling, the toolchain.

        It starts in `folder`. `reads` and `writes` are further absolute paths it may see and change, at the
        same place inside; `environment` is added to the little that a compiler needs.
        """
        compiling = profile is Profile.COMPILE
        seen = [*(SYSTEM if compiling else LIBRARIES), *([str(self.toolchain.sysroot)] if compiling else [])]
        own = [
            str(self.launcher),
            "--profile",
            profile.value,
            *_limits(limits),
        ]
        known = {"LD_LIBRARY_PATH": f"{self.toolchain.sysroot}/lib", "PATH": "/usr/bin:/bin"} if compiling else {}
        known |= environment or {}
        if self.tier is Tier.BUBBLEWRAP:
            full = [*_bubblewrap(seen, folder, self.launcher, writable, known, reads, writes), *own, "--", *command]
            return process.run(full, limits=limits, stdin=stdin, environment={})
        fence = ["--landlock"]
        for path in [*seen, *map(str, reads)]:
            fence += ["--read", path]
        for path in map(str, writes):
            fence += ["--write", path]
        fence += ["--write" if writable else "--read", str(folder)]
        if compiling:
            known.setdefault("TMPDIR", str(folder))
            fence += ["--write", "/dev/null"]
        full = [*own, *fence, "--", *command]
        return process.run(full, limits=limits, stdin=stdin, environment=known, cwd=str(folder))


def _limits(limits: Limits) -> list[str]:
    pairs = {
        "cpu": limits.cpu_s,
        "as": limits.memory,
        "fsize": limits.file,
        "nofile": limits.files,
        "nproc": limits.processes if os.getuid() else 4096,
        "core": 0,
        "memlock": 0,
    }
    out = []
    for kind, value in pairs.items():
        out += ["--limit", f"{kind}={value}"]
    return out


def _bubblewrap(
    system: Sequence[str],
    folder: Path,
    launcher: Path,
    writable: bool,
    environment: Mapping[str, str],
    reads: Sequence[Path],
    writes: Sequence[Path],
) -> list[str]:
    bwrap = shutil.which("bwrap") or "/usr/bin/bwrap"
    words = [bwrap, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
    if writable:
        # /proc of the jail's own pid namespace: rust-lld asks for its path there; test runs get none. First of all:
        # a toolchain may lie below /tmp
        words += ["--proc", "/proc", "--size", str(64 * process.MIB), "--tmpfs", "/tmp"]
    for path in system:
        if Path(path).is_symlink():
            words += ["--symlink", str(Path(path).readlink()), path]
        else:
            words += ["--ro-bind-try", path, path]
    words += ["--dev-bind-try", "/dev/null", "/dev/null", "--ro-bind", str(launcher), str(launcher)]
    for place in reads:
        words += ["--ro-bind", str(place), str(place)]
    for place in writes:
        words += ["--bind", str(place), str(place)]
    words += ["--bind" if writable else "--ro-bind", str(folder), str(folder), "--chdir", str(folder)]
    words += ["--remount-ro", "/"]
    for name, value in environment.items():
        words += ["--setenv", name, value]
    return words


def build_launcher(toolchain: Toolchain, folder: Path) -> Path:
    """Compiles the launcher with the user's rustc (0.3 s, once per opened sandbox)."""
    if platform.machine() != "x86_64":
        raise SandboxUnavailable(
            f"no system-call filter for {platform.machine()}: its numbers are x86-64's",
            remedy="run sleepy on an x86-64 machine",
        )
    source = Path(__file__).with_name("launcher.rs")
    out = folder / "launcher"
    try:
        built = subprocess.run(
            [
                str(toolchain.rustc),
                "--edition",
                "2021",
                "-O",
                "-C",
                "panic=abort",
                "-o",
                str(out),
                str(source),
            ],
            capture_output=True,
            text=True,
            timeout=120,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise SandboxUnavailable(f"the launcher could not be built: {error}", remedy="run rustc by hand") from error
    if built.returncode != 0:
        if full := _full(folder, built.stderr):
            raise SandboxUnavailable(f"the launcher could not be built: {full}", remedy=_MORE_ROOM)
        raise SandboxUnavailable(
            f"the launcher could not be built: {built.stderr.strip()[-400:]}",
            remedy="install a C linker (package gcc or clang), which rustc needs to link any program",
        )
    out.chmod(0o755)
    return out


def _full(folder: Path, said: str) -> str:
    """Why there is no room for programs in the folder, by its file system or by what was said; empty if there is.

    A linker that runs out of room may say so, or crash. A quota is not in what the file system has free.
    """
    free = shutil.disk_usage(folder).free
    if free < _ROOM:
        return f"{free // 2**20} MiB are free in {folder.parent}"
    words = next((words for words in _SPENT if words in said), None)
    return f"{words} in {folder.parent}" if words else ""


# Each canary succeeds outside the jail; inside, every line it prints is a leak.
_CANARY = r"""
use std::io::Read;
fn main() {
    let mut words = String::new();
    std::io::stdin().read_to_string(&mut words).unwrap();
    let mut words = words.split('\n');
    let (file, port) = (words.next().unwrap(), words.next().unwrap());
    if std::fs::read(file).is_ok() { println!("file"); }
    if std::fs::read("/etc/passwd").is_ok() { println!("passwd"); }
    if std::fs::read("/proc/self/environ").is_ok() { println!("proc"); }
    if std::fs::write(format!("{file}.planted"), "x").is_ok() { println!("write"); }
    if std::env::vars().count() > 1 { println!("environment"); }
    print!("alive ");
    match words.next().unwrap() {
        "net" => {
            let port = port.parse::<u16>().unwrap();
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() { println!("network"); }
        }
        "fork" => { if std::process::Command::new("/usr/bin/true").status().is_ok() { println!("fork"); } }
        _ => {}
    }
}
"""


def probe(jail: Jail, folder: Path) -> str:
    """Empty when the jail holds; else what leaked or failed. Plants a file, a listener and a variable."""
    source, binary = folder / "canary.rs", folder / "canary"
    source.write_text(_CANARY)
    compiled = jail.run(
        [str(jail.toolchain.rustc), "--sysroot", str(jail.toolchain.sysroot), "--edition", "2021", "-o",
         str(binary), str(source)],
        profile=Profile.COMPILE,
        limits=process.COMPILE,
        folder=folder,
        writable=True,
    )  # fmt: skip
    if compiled.code != 0:
        return f"{_NO_PROGRAM}: exit {compiled.code}, {_last_words(compiled.stderr)}"
    with tempfile.NamedTemporaryFile(prefix="sleepy-canary-") as planted, socket.socket() as listener:
        planted.write(b"secret")
        planted.flush()
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        for attack in ("none", "net", "fork"):
            ended = jail.run(
                [str(binary)],
                profile=Profile.RUN,
                limits=process.RUN,
                folder=folder,
                writable=False,
                stdin=f"{planted.name}\n{port}\n{attack}".encode(),
            )
            said = ended.stdout.decode(errors="replace").split()
            leaks = [word for word in said if word != "alive"]
            if leaks or Path(f"{planted.name}.planted").exists():
                Path(f"{planted.name}.planted").unlink(missing_ok=True)
                return f"it leaks: {', '.join(leaks) or 'write'}"
            if attack == "none" and said != ["alive"]:
                return f"a program does not run in it: exit {ended.code}, {_last_words(ended.stderr)}"
            if attack != "none" and ended.code == 0:
                return f"the filter did not stop {attack}"
    return ""


def _last_words(text: bytes) -> str:
    return text.decode(errors="replace").strip()[-300:]


_REMEDIES = {
    Tier.BUBBLEWRAP: "install bubblewrap; where user namespaces are restricted (Ubuntu 24.04), load the "
    "bwrap-userns-restrict AppArmor profile",
    Tier.LANDLOCK: "use a kernel from 6.7 on with `landlock` among its security modules",
}


def open_jail(toolchain: Toolchain, folder: Path, tier: Tier | None) -> Jail:
    """The first tier whose probe holds, or the one asked for. `SandboxUnavailable` names every failure."""
    launcher = build_launcher(toolchain, folder)
    failures: list[tuple[Tier, str]] = []
    for candidate in [tier] if tier else list(Tier):
        if candidate is Tier.BUBBLEWRAP and shutil.which("bwrap") is None:
            failures.append((candidate, "bwrap is not installed"))
            continue
        jail = Jail(candidate, launcher, toolchain)
        with tempfile.TemporaryDirectory(dir=folder) as room:
            try:
                wrong = probe(jail, Path(room))
            except OSError as error:
                wrong = str(error)
        if not wrong:
            return jail
        failures.append((candidate, wrong))
    stuck = [wrong for _, wrong in failures if wrong.startswith(_NO_PROGRAM)]
    if stuck and (full := _full(folder, "\n".join(stuck))):
        raise SandboxUnavailable(f"no sandbox can be tried here: {full}", remedy=_MORE_ROOM)
    raise SandboxUnavailable(
        "no sandbox holds here: " + "; ".join(f"{name}: {wrong}" for name, wrong in failures),
        remedy="; or ".join(_REMEDIES[name] for name, _ in failures),
    )
