"""Giving way: within a session, and to other sessions where Linux groups processes by them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

GROUP = Path("/proc/self/autogroup")
CODE = "import os\nfrom pathlib import Path\nfrom sleepy.daemon.base import priority\npriority.lower(15)\nprint(os.nice(0))\n"
SHOW = f"print(Path({str(GROUP)!r}).read_text())"


@pytest.mark.skipif(not GROUP.exists(), reason="this system does not group processes by session")
def test_several_processes_with_sessions_of_their_own_all_lower_their_groups() -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", CODE + SHOW], start_new_session=True, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in started:
        own, *_, group = process.communicate()[0].split()
        assert int(own) >= 15 and int(group) >= 15


@pytest.mark.skipif(not GROUP.exists(), reason="this system does not group processes by session")
def test_a_terminals_session_is_left_as_it_is() -> None:
    inner = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {CODE + SHOW!r}], check=True)"
    done = subprocess.run(
        [sys.executable, "-c", inner], start_new_session=True, capture_output=True, text=True, check=True
    )
    own, *_, group = done.stdout.split()
    assert int(own) >= 15 and group == "0"


def test_a_process_that_is_lower_already_stays_so() -> None:
    code = f"import os\nos.nice(19)\n{CODE}"
    done = subprocess.run(
        [sys.executable, "-c", code], start_new_session=True, capture_output=True, text=True, check=True
    )
    assert int(done.stdout.split()[0]) == 19


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere priority is the process's")
def test_threads_that_there_are_already_are_lowered_too() -> None:
    code = (
        "import os, threading\nfrom sleepy.daemon.base import priority\ndone = threading.Event()\n"
        "threading.Thread(target=done.wait).start()\npriority.lower(15)\n"
        "print(*(os.getpriority(os.PRIO_PROCESS, int(each)) for each in os.listdir('/proc/self/task')))\ndone.set()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    told = list(map(int, done.stdout.split()))
    assert len(told) == 2 and min(told) >= 15
