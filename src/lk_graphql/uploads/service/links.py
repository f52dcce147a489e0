"""Downloads of uploaded files: with a session, or by a link that is bound to a session.

Customers download their own files. Other slices register further kinds of downloads, with other
conditions, for example for staff.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from lk_graphql.identity.service.sessions import READER_SQL
from lk_graphql.kit import file_links
from lk_graphql.kit.file_links import FileRoute
from lk_graphql.kit.registry import Registry

LIFETIME = timedelta(minutes=10)

_SELECT = f"""
SELECT upload.id AS file_id, upload.user_id AS owner_id, upload.name, upload.kind, upload.sha256
FROM upload WHERE upload.id = {file_links.KEY} AND upload.state = 'READY'
"""  # noqa: S608 - a parameter


@dataclass(frozen=True)
class DownloadKind:
    """A kind of download, with the SQL of its reader and of the condition on a row of `upload`."""

    route: FileRoute
    reader: str
    condition: str
    is_preview: bool = False

    @cached_property
    def statement(self) -> str:
        preview = " AND upload.has_preview" if self.is_preview else ""
        return file_links.statement(self.reader, f"{_SELECT} AND {self.condition}{preview}")


_IS_OWN = "upload.user_id = reader.user_id"
CONTENT = DownloadKind(FileRoute("uploads", "upl", LIFETIME), READER_SQL, _IS_OWN)
PREVIEW = DownloadKind(FileRoute("previews", "upl", LIFETIME), READER_SQL, _IS_OWN, is_preview=True)
DOWNLOAD_KINDS = Registry[str, DownloadKind](
    {kind.route.folder: kind for kind in (CONTENT, PREVIEW)}
)
"""Kinds of downloads by folder; other slices add theirs."""
