"""Documents of every kind: opened by cookie, token or link; each ends with the session."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from lk_graphql.appeals.models import AppealAttachment, AppealMessage
from lk_graphql.billing.models import Invoice
from lk_graphql.billing.service.receipts import storage as receipts
from lk_graphql.identity.models import Session, User
from lk_graphql.identity.service import sessions, users
from lk_graphql.identity.service.sessions import StaffAccess
from lk_graphql.kit.file_links import FileRoute, FileUrls
from lk_graphql.kit.ids import key_of
from lk_graphql.kit.signing import hash_token
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.profile.models import PersonalDataExport, PersonalDataExportState
from lk_graphql.profile.service import exports
from lk_graphql.staff.models import AccessNote, Act, AuditEntry, StaffMember, StaffSession
from lk_graphql.staff.service import sessions as staff_sessions
from lk_graphql.uploads.models import Upload
from lk_graphql.uploads.service.links import DOWNLOAD_KINDS
from tests.factories.accounts import CLIENT, LINKS, given_account, given_link
from tests.factories.appeals import given_appeal
from tests.factories.staff import given_staff, given_staff_session
from tests.factories.uploads import picture, uploaded
from tests.support.client import URL, ApiClient
from tests.support.sql_recorder import RecordingDatabase, recording


class Documents(NamedTuple):
    """One document of every kind of a customer."""

    keys: dict[FileRoute, Any]

    def paths(self) -> list[str]:
        return [kind.path(key) for kind, key in self.keys.items()]

    def links(self, session_id: Any, now: datetime) -> list[str]:
        urls = FileUrls(session_id, now, URL, LINKS)
        return [str(urls.of(kind, key)) for kind, key in self.keys.items()]


async def given_documents(api: ApiClient, viewer: Viewer) -> Documents:
    """A receipt, a file with its preview, the same in an appeal, and an export.

    A receipt isn't printed here: its statement answers before.
    """
    token = await api.signed_in(viewer)
    photo = key_of(await uploaded(api, token, "счётчик.jpg", picture(), "image/jpeg"), "upl")
    appeal = await given_appeal(viewer)
    message = await AppealMessage.get(appeal_id=appeal.id)
    await AppealAttachment.create(message=message, upload=await Upload.get(id=photo), position=1)
    now = datetime.now(UTC)
    export = await PersonalDataExport.create(
        user_id=viewer.id,
        state=PersonalDataExportState.READY,
        requested_at=now,
        made_at=now,
        size=3,
        expires_at=now + timedelta(days=3),
    )
    await api.state.ports.files.put(export.path, _chunk(b"zip"))
    own = [kind.route for kind in DOWNLOAD_KINDS.values() if not kind.route.is_for_staff]
    assert {kind.folder for kind in own} == {
        "uploads", "previews", "appeals", "appeals/previews",
    }  # fmt: skip
    return Documents({**dict.fromkeys(own, photo), exports.ROUTE: export.id})


async def _chunk(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def statuses(api: ApiClient, urls: list[str], **headers: str) -> set[int]:
    return {(await api.http.get(url, headers=headers)).status_code for url in urls}


async def session_of(token: str) -> Session:
    return await Session.get(token_hash=hash_token(token))


def cookie(token: str) -> dict[str, str]:
    return {"cookie": f"__Host-lk_session={token}"}


async def test_a_document_is_opened_by_cookie_token_or_link(api: ApiClient, anna: Viewer):
    documents, token = await given_documents(api, anna), await api.signed_in(anna)
    paths = documents.paths()
    links = documents.links((await session_of(token)).id, datetime.now(UTC))
    assert await statuses(api, paths, **cookie(token)) == {200}
    assert await statuses(api, paths, authorization=f"Bearer {token}") == {200}
    assert await statuses(api, links) == {200}
    assert await statuses(api, paths) == {401}
    assert await statuses(api, paths, authorization="Bearer stolen") == {401}
    assert [urlsplit(link).path for link in links] == paths


async def test_a_page_of_another_site_brings_no_cookie(api: ApiClient, anna: Viewer):
    documents, token = await given_documents(api, anna), await api.signed_in(anna)
    site = {"sec-fetch-site": "cross-site"}
    links = documents.links((await session_of(token)).id, datetime.now(UTC))
    assert await statuses(api, documents.paths(), **cookie(token), **site) == {401}
    assert await statuses(api, links, **cookie(token), **site) == {200}
    assert await statuses(
        api, documents.paths(), **cookie(token), **{"sec-fetch-site": "none"}
    ) == {200}


async def test_another_customer_can_t_open_a_document(api: ApiClient, anna: Viewer, boris: Viewer):
    documents, token = await given_documents(api, anna), await api.signed_in(anna)
    stranger = await api.signed_in(boris)
    paths, now = documents.paths(), datetime.now(UTC)
    links = documents.links((await session_of(token)).id, now)
    assert await statuses(api, paths, **cookie(stranger)) == {404}
    assert await statuses(api, links, **cookie(stranger)) == {404}
    assert await statuses(api, documents.links((await session_of(stranger)).id, now)) == {404}
    staff = await given_staff_session(await given_staff(Role.ADMIN))
    assert await statuses(api, paths, authorization=f"Bearer {staff}") == {401}
    other = await api.signed_in(anna)  # her other device
    assert await statuses(api, links, **cookie(other)) == {200}


End = Callable[[ApiClient, Viewer, Session], Awaitable[Any]]


async def _change_password(_: ApiClient, viewer: Viewer, session: Session) -> None:
    """Set the time of a new password: the session goes on, its links do not."""
    await User.filter(id=viewer.id).update(password_changed_at=datetime.now(UTC))
    assert session.ended_at is None


async def _lock(_: ApiClient, viewer: Viewer, __: Session) -> None:
    await users.lock_user(await User.get(id=viewer.id), now=datetime.now(UTC))


ENDS: dict[str, End] = {
    "sign-out": lambda _, viewer, session: sessions.end(
        Viewer(viewer.id, session.id), now=datetime.now(UTC)
    ),
    "sign-out everywhere": lambda _, viewer, __: sessions.end_all(viewer.id, now=datetime.now(UTC)),
    "expiry": lambda _, __, session: Session.filter(id=session.id).update(
        expires_at=datetime.now(UTC)
    ),
    "deletion": lambda _, __, session: Session.filter(id=session.id).delete(),
    "password": _change_password,
    "lock": _lock,
    "lock alone": lambda _, viewer, __: User.filter(id=viewer.id).update(
        locked_at=datetime.now(UTC)
    ),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
async def test_a_link_ends_with_its_session_the_password_and_the_lock(
    api: ApiClient, anna: Viewer, end: End
):
    documents, token = await given_documents(api, anna), await api.signed_in(anna)
    session = await session_of(token)
    links = documents.links(session.id, datetime.now(UTC))
    assert await statuses(api, links) == {200}
    await end(api, anna, session)
    assert await statuses(api, links) == {404}
    session_goes_on = end is _change_password
    expected = {200} if session_goes_on else {401}
    assert await statuses(api, documents.paths(), **cookie(token)) == expected
    assert await statuses(api, links, **cookie(token)) == ({200} if session_goes_on else {404})
    if session_goes_on:
        later = documents.links(session.id, datetime.now(UTC))
        assert await statuses(api, later) == {200}


async def test_a_link_ends_at_its_time(api: ApiClient, anna: Viewer):
    documents, token = await given_documents(api, anna), await api.signed_in(anna)
    session, now = await session_of(token), datetime.now(UTC)
    links = documents.links(session.id, now)
    ten_minutes = timedelta(minutes=10)
    api.clock.now = now + ten_minutes - timedelta(microseconds=1)
    assert await statuses(api, links) == {200}
    api.clock.now = now + ten_minutes
    assert await statuses(api, links) == {404}


async def test_a_changed_link_opens_nothing(api: ApiClient, anna: Viewer):
    documents, token = await given_documents(api, anna), await api.signed_in(anna)
    session, other = await session_of(token), await session_of(await api.signed_in(anna))
    for link in documents.links(session.id, datetime.now(UTC)):
        path, _, text = link.partition("?link=")
        holder, end, signature = text.split(".")
        for changed in (
            f"{other.id.hex}.{end}.{signature}",
            f"{holder}.{int(end) + 1}.{signature}",
            f"{holder}.{end}.{signature[:-2]}AA",
            f"{holder}.{'9' * 17}.{signature}",
            f"{holder}.{'9' * 400}.{signature}",
            f"{holder}.x.{signature}",
            f"{holder}.١.{signature}",
            f"x.{end}.{signature}",
            signature,
            "",
        ):
            answer = await api.http.get(path, params={"link": changed})
            assert answer.status_code == 404, changed
        wrong_path = path[:-32] + other.id.hex
        assert (await api.http.get(f"{wrong_path}?link={text}")).status_code == 404
        for odd in ("upl_", "x", "inv_" + "0" * 32, "%00", "é"):
            url = path.rpartition("/")[0] + "/" + odd
            assert (await api.http.get(f"{url}?link={text}")).status_code == 404


async def test_staff_who_view_the_cabinet_open_its_documents_and_no_export(
    api: ApiClient, anna: Viewer
):
    documents = await given_documents(api, anna)
    access = StaffAccess((await given_staff()).id, "Звонок клиента")
    look = await sessions.open_for_staff(anna.id, access, client=CLIENT, now=datetime.now(UTC))
    links = documents.links(look.viewer.session_id, datetime.now(UTC))
    for link, path in zip(links, documents.paths(), strict=True):
        status = 404 if "/exports/" in path else 200
        assert await statuses(api, [link]) == {status}
        assert await statuses(api, [path], authorization=f"Bearer {look.token}") == {status}
    await sessions.end_of_staff(access.staff_id, now=datetime.now(UTC))
    assert await statuses(api, links) == {404}


async def test_a_document_costs_one_statement(
    api: ApiClient, anna: Viewer, monkeypatch: pytest.MonkeyPatch
):
    documents, token = await given_documents(api, anna), await api.signed_in(anna)
    database = api.state.engine.database
    recorder = RecordingDatabase(database)
    monkeypatch.setattr(database, "fetchrow", recorder.fetchrow)
    async with recording(recorder):
        for path in documents.paths():
            recorder.statements.clear()
            assert await statuses(api, [path], **cookie(token)) == {200}
            assert len(recorder.statements) == 1


async def given_staff_links(
    api: ApiClient, viewer: Viewer, member: StaffMember
) -> tuple[str, list[str], list[str]]:
    """A staff token, and the paths and links of a customer's file and its preview."""
    documents = await given_documents(api, viewer)
    (photo,) = {key for kind, key in documents.keys.items() if kind.folder == "uploads"}
    token = await given_staff_session(member)
    session = await StaffSession.get(token_hash=hash_token(token))
    kinds = [kind.route for kind in DOWNLOAD_KINDS.values() if kind.route.is_for_staff]
    urls = FileUrls(session.id, datetime.now(UTC), URL, LINKS)
    links = [str(urls.of(kind, photo)) for kind in kinds]
    return token, [kind.path(photo) for kind in kinds], links


async def test_staff_open_a_customer_s_file_likewise_and_each_path_is_audited(
    api: ApiClient, anna: Viewer
):
    member = await given_staff()
    token, paths, links = await given_staff_links(api, anna, member)
    looks = AuditEntry.filter(act=Act.LOOKED, staff_id=member.id, subject_id=anna.id)
    assert await statuses(api, links) == {200}
    assert await looks.count() == 0  # the operation that gave the link was recorded
    assert await statuses(api, paths, cookie=f"__Host-lk_staff={token}") == {200}
    assert await statuses(api, paths, authorization=f"Bearer {token}") == {200}
    assert await looks.count() == await AccessNote.filter(user_id=anna.id).count() == 4
    assert await statuses(api, paths) == {401}
    own = await api.signed_in(anna)
    assert await statuses(api, paths, authorization=f"Bearer {own}") == {401}
    assert await looks.count() == 4


@pytest.mark.parametrize("end", ["sign-out", "lock", "idle", "factor"])
async def test_staff_s_links_end_with_the_session(api: ApiClient, anna: Viewer, end: str):
    member = await given_staff()
    token, paths, links = await given_staff_links(api, anna, member)
    now = datetime.now(UTC)
    other = await given_staff_session(member)  # another living session doesn't keep them
    match end:
        case "sign-out":
            await StaffSession.filter(token_hash=hash_token(token)).update(ended_at=now)
        case "lock":
            await StaffMember.filter(id=member.id).update(locked_at=now)
        case "idle":
            await StaffSession.filter(token_hash=hash_token(token)).update(
                seen_at=now - staff_sessions.IDLE_TIMEOUT
            )
        case _:
            await StaffMember.filter(id=member.id).update(enrolled_at=None)
    assert await statuses(api, links) == {404}
    assert await statuses(api, paths, authorization=f"Bearer {token}") == {401}
    assert other


async def test_a_receipt_s_statement_has_the_same_reader(api: ApiClient, anna: Viewer):
    """Without printing: 404 of the content comes after the statement."""
    await given_link(anna, await given_account())
    bill = await Invoice.all().order_by("-period").first()
    assert bill
    path, token = receipts.ROUTE.path(bill.id), await api.signed_in(anna)
    unprintable = await api.http.get(path, headers=cookie(token))
    assert (unprintable.status_code, unprintable.text[:16]) == (404, "Квитанции пока н")
    ended = await api.http.get(path, params={"link": "x"})
    assert (ended.status_code, ended.text[:21]) == (404, "Ссылка больше не дейс")
    guest = await api.http.get(path)
    assert (guest.status_code, guest.headers["www-authenticate"]) == (401, "Bearer")
    assert guest.text == "Войдите в личный кабинет и откройте документ ещё раз.\n"
    english = await api.http.get(path, headers={"accept-language": "en"})
    assert english.text == "Sign in and open the document again.\n"
