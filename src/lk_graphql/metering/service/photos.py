"""Photos of displays: evidence that goes with a reading."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering import errors
from lk_graphql.metering.service.checks import Checked
from lk_graphql.uploads.models import Upload
from lk_graphql.uploads.service.kinds import FORMS, PICTURES
from lk_graphql.uploads.service.taking import usable

_KINDS = ", ".join(FORMS[kind].extensions[0] for kind in sorted(PICTURES))
_PATH = "photoUploadId"


async def with_photos(
    viewer: Viewer, checked: Sequence[Checked], *, now: datetime
) -> list[Checked]:
    """Entries that have no fault yet get one if their photo can't be used.

    The photos stay locked for whoever stores the readings, in the same transaction.
    """
    wanted = [photo for one in checked if (photo := one.entry.photo)]
    if not wanted:
        return list(checked)
    return list(_checked(checked, await usable(viewer, wanted, now=now)))


def _checked(checked: Sequence[Checked], found: Mapping[UUID, Upload]) -> Iterator[Checked]:
    used = set[UUID]()
    for one in checked:
        photo = one.entry.photo
        if photo is None or one.fault:
            yield one
        elif fault := _fault(None if photo in used else found.get(photo)):
            yield replace(one, fault=fault)
        else:
            used.add(photo)
            yield one


def _fault(photo: Upload | None) -> Refusal | None:
    if photo is None:
        return errors.PhotoUnusable(_PATH)
    return None if photo.kind in PICTURES else errors.PhotoNotAPicture(_PATH, kinds=_KINDS)
