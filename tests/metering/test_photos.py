"""Photos of readings: a picture of the sender, used once, and only with a stored reading."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lk_graphql.kit.ids import key_of, new_key, to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Reading
from lk_graphql.staff.models import AuditEntry, StaffMember
from lk_graphql.uploads.models import Upload, UploadState
from tests.factories.accounts import given_link
from tests.factories.metering import TODAY, Home, noon
from tests.factories.staff import given_staff, given_staff_session
from tests.factories.uploads import PDF, picture, uploaded

PHOTO_URLS = "query ($id: ID!) { node(id: $id) { ... on Reading { photoUrl photoPreviewUrl } } }"
QUEUE = """{ staff { readingsOnReview { nodes { photo {
  fileName kind size downloadUrl previewUrl } } } } }"""


async def given_photo(home: Home, content: bytes = b"", token: str = "") -> str:
    """The id of a READY upload, by default a JPEG of Anna's."""
    home.api.clock.now = None  # uploads go by the real clock
    name, kind = ("акт.pdf", "application/pdf") if content else ("счётчик.jpg", "image/jpeg")
    owner, content = token or home.token, content or picture()
    key = await uploaded(home.api, owner, name, content, kind)
    home.api.clock.now = noon(TODAY)
    return key


async def submit(home: Home, *photos: str, night: int = 51300, **more: Any) -> dict[str, Any]:
    """Submit the day's reading with the first photo, the night's with the second."""
    entries = home.entries(22600, night)
    for entry, photo in zip(entries, photos, strict=False):
        entry["photoUploadId"] = photo
    return await home.send(entries, **more)


def faults(payload: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The codes and paths of the form's errors and of its entries' errors."""
    form_errors: list[dict[str, Any]] = payload["errors"]
    entries: list[dict[str, Any]] = payload["entries"] or []
    errors = [*form_errors, *(error for entry in entries for error in entry["errors"])]
    return [(error["code"], error["path"]) for error in errors]


async def is_taken(photo: str) -> bool:
    return (await Upload.get(id=key_of(photo, "upl"))).taken_at is not None


async def test_a_photo_is_visible_to_its_sender_only(home: Home, boris: Viewer):
    photo = await given_photo(home)
    payload = await submit(home, photo)
    day, night = (entry["reading"]["id"] for entry in payload["entries"])

    reading = (await home.api.ask(PHOTO_URLS, home.token, id=day))["node"]
    full = await home.api.http.get(reading["photoUrl"])
    assert (full.content, full.headers["content-type"]) == (picture(), "image/jpeg")
    small = await home.api.http.get(reading["photoPreviewUrl"])
    assert (small.status_code, small.content[:2]) == (200, b"\xff\xd8")
    nothing = {"photoUrl": None, "photoPreviewUrl": None}
    assert (await home.api.ask(PHOTO_URLS, home.token, id=night))["node"] == nothing
    await given_link(boris, home.account)
    token = await home.api.signed_in(boris)
    assert (await home.api.ask(PHOTO_URLS, token, id=day))["node"] == nothing
    assert await is_taken(photo)


async def test_a_file_that_can_t_be_decoded_has_no_preview(home: Home):
    photo = await given_photo(home)
    await Upload.all().update(has_preview=False)
    key = (await submit(home, photo))["entries"][0]["reading"]["id"]

    reading = (await home.api.ask(PHOTO_URLS, home.token, id=key))["node"]

    assert reading["photoPreviewUrl"] is None
    assert reading["photoUrl"]


async def test_foreign_unknown_and_unfinished_photos_get_the_same_refusal(
    home: Home, boris: Viewer
):
    foreign = await given_photo(home, token=await home.api.signed_in(boris))
    unfinished = await given_photo(home)
    awaited = {"state": UploadState.AWAITED, "sha256": None, "received_at": None}
    await Upload.filter(id=key_of(unfinished, "upl")).update(**awaited)
    for photo in (foreign, unfinished, to_public("upl", new_key()), "upl_nothing", "rdg_1"):
        payload = await submit(home, photo)
        assert faults(payload) == [("PHOTO_UNUSABLE", ["entries", "0", "photoUploadId"])]
        assert [entry["status"] for entry in payload["entries"]] == [
            "REJECTED",
            "ACCEPTED_FOR_BILLING",
        ]
    assert not await is_taken(foreign)
    assert await home.states(home.day) == []


async def test_a_photo_proves_one_reading(home: Home):
    photo = await given_photo(home)

    payload = await submit(home, photo, photo)

    assert faults(payload) == [("PHOTO_UNUSABLE", ["entries", "1", "photoUploadId"])]
    assert faults(await submit(home, photo)) == [
        ("PHOTO_UNUSABLE", ["entries", "0", "photoUploadId"])
    ]
    assert await Reading.filter(photo_id__isnull=False).count() == 1


async def test_a_document_is_no_photo(home: Home):
    document = await given_photo(home, PDF)

    payload = await submit(home, document)

    assert faults(payload) == [("PHOTO_NOT_A_PICTURE", ["entries", "0", "photoUploadId"])]
    assert payload["entries"][0]["errors"][0]["message"] == (
        "Это не фотография. Приложите снимок: heic, jpg, png."
    )
    assert not await is_taken(document)


async def test_a_photo_of_a_refused_reading_can_be_sent_again(home: Home):
    first, second = await given_photo(home), await given_photo(home)

    payload = await submit(home, first, second, night=51000)

    assert faults(payload) == [("BELOW_PREVIOUS", ["entries", "1", "value"])]
    assert [await is_taken(photo) for photo in (first, second)] == [True, False]


@pytest.mark.parametrize("night", [51000, 59000], ids=["refused", "unusual"])
async def test_all_or_nothing_leaves_the_photos_alone(home: Home, night: int):
    photos = [await given_photo(home), await given_photo(home)]

    payload = await submit(home, *photos, night=night, atomic=True)

    assert payload["entries"] is None
    assert len(payload["errors"]) == 1
    assert [await is_taken(photo) for photo in photos] == [False, False]
    assert (await submit(home, *photos, atomic=True))["errors"] == []


async def test_a_repeat_needs_no_second_photo(home: Home):
    photo = await given_photo(home)
    first = await submit(home, photo, idempotencyKey="offline")

    assert await submit(home, photo, idempotencyKey="offline") == first


async def test_staff_see_the_photo_of_a_reading_on_review_and_the_view_is_audited(home: Home):
    photo = await given_photo(home)
    token = (await submit(home, photo, night=59000))["confirmToken"]
    await home.confirm(token)
    await Reading.filter(photo_id__isnull=False).update(state="ON_REVIEW")
    member = await given_staff()
    staff_token = await given_staff_session(member)

    readings = (await home.api.ask(QUEUE, staff_token))["staff"]["readingsOnReview"]["nodes"]
    (file,) = [reading["photo"] for reading in readings if reading["photo"]]

    assert (file["fileName"], file["kind"], file["size"]) == ("счётчик.jpg", "JPEG", len(picture()))
    assert (await home.api.http.get(file["downloadUrl"])).content == picture()
    assert (await home.api.http.get(file["previewUrl"])).status_code == 200
    await home.api.post(QUEUE, staff_token)
    assert await AuditEntry.filter(staff_id=member.id, subject="user").count() == 1


async def test_a_link_of_staff_s_ends_with_their_shift(home: Home):
    photo = await given_photo(home)
    await submit(home, photo)
    await Reading.filter(photo_id__isnull=False).update(state="ON_REVIEW")
    member = await given_staff()
    answer = await home.api.ask(QUEUE, await given_staff_session(member))
    url = answer["staff"]["readingsOnReview"]["nodes"][0]["photo"]["downloadUrl"]

    for wrong in (url[:-1], url.replace("staff/uploads", "uploads")):
        assert (await home.api.http.get(wrong)).status_code == 404
    await StaffMember.all().update(locked_at=datetime.now(UTC) - timedelta(minutes=1))

    assert (await home.api.http.get(url)).status_code == 404
