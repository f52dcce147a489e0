"""What a person's file is called here: no path, no trick, and an extension that is its kind's."""

import re
import unicodedata

from lk_graphql.uploads.errors import FileNameInvalid, KindUnsupported
from lk_graphql.uploads.models import UploadKind
from lk_graphql.uploads.service.kinds import BY_EXTENSION, DOCUMENTS, Allowance

LONGEST = 120
_SEPARATORS = re.compile(r"[/\\]")
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}  # also what turns the reading direction
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*', "_"))  # by Windows
_INNER_EXTENSION = re.compile(r"\.(?=[A-Za-z]{1,5}(\.|$))")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def cleaned(typed: str, allowance: Allowance = DOCUMENTS) -> tuple[str, UploadKind]:
    r"""The name as it will be shown, and the kind that its extension promises.

    `C:\scans\photo.exe.jpg` becomes `photo_exe.jpg`. Raises `FileNameInvalid`,
    `KindUnsupported`.
    """
    last = _SEPARATORS.split(unicodedata.normalize("NFC", typed))[-1]
    seen = "".join(c for c in last if unicodedata.category(c) not in _INVISIBLE)
    stem, dot, extension = " ".join(seen.split()).rpartition(".")
    stem = stem.translate(_FORBIDDEN).strip(". ")
    extension = extension.strip().lower()
    if not dot or not stem or not extension:
        raise FileNameInvalid("fileName")
    kind = BY_EXTENSION.get(extension)
    if kind is None or kind not in allowance.kinds:
        raise KindUnsupported("fileName", kinds=allowance.words)
    stem = _INNER_EXTENSION.sub("_", stem)
    if _DEVICE.fullmatch(stem):
        stem = f"_{stem}"
    return f"{stem[: LONGEST - len(extension) - 1].strip()}.{extension}", kind
