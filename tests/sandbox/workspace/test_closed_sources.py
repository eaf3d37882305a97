"""A source that its user may not read is called that, not missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.sandbox.workspace.planting import manifest, plant

_CHECK = """
import sys
from pathlib import Path
from sleepy.sandbox.manifest import WorkspaceError
from sleepy.sandbox.sandbox import Sandbox
from sleepy.sandbox.workspace import Workspace
place = Path(sys.argv[1])
with Sandbox.open(workers=1) as sandbox:
    for name in sys.argv[2:]:
        try:
            checked = Workspace.open(place / name, sandbox.jail, place / "cache", cargo_home=place).check()
            print(checked.outcome, [each.diagnostic.code for each in checked.diagnostics])
        except WorkspaceError as error:
            print(f"{error} | {error.remedy}")
"""


def test_a_source_that_may_not_be_read_is_named_and_one_that_is_missing_is_missing(tmp_path: Path) -> None:
    uses, broken = "mod part;\npub use part::one;\n", "pub fn two() -> u8 { x }\n"
    one = "pub fn one() -> u8 {\n    1\n}\n"
    crates = {"module": {"src/lib.rs": uses, "src/part.rs": one}, "folder": {"src/lib.rs": uses, "src/part/mod.rs": one},
              "first": {"src/lib.rs": one}, "missing": {"src/lib.rs": uses}, "other": {"src/lib.rs": broken, "notes.rs": ""}}  # fmt: skip
    for name, files in crates.items():
        plant(tmp_path / name, {"Cargo.toml": manifest(name), **files})
    shut = ("module/src/part.rs", "folder/src/part", "first/src/lib.rs", "other/notes.rs")
    for name in shut:
        (tmp_path / name).chmod(0)
    # root may read whatever the permissions say, until it gives that right away
    bound = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*bound, sys.executable, "-c", _CHECK, tmp_path, *crates], capture_output=True, text=True, check=True
    )
    (tmp_path / "folder/src/part").chmod(0o700)  # so that it can be removed
    said = done.stdout.splitlines()
    for line, name in zip(said[:3], shut[:3], strict=True):
        path = tmp_path / name
        assert line == f"{path} cannot be read: Permission denied | chmod u+rX {path}, or ask who owns it"
    assert said[3:] == ["COMPILE_ERROR ['E0583']", "COMPILE_ERROR ['E0425']"]
