"""Customers' files for staff: with a staff session, or by a link that is bound to one."""

from lk_graphql.kit.file_links import FileRoute
from lk_graphql.staff.service.sessions import READER_SQL
from lk_graphql.uploads.service.links import LIFETIME, DownloadKind

CONTENT = DownloadKind(
    FileRoute("staff/uploads", "upl", LIFETIME, is_for_staff=True), READER_SQL, "true"
)
PREVIEW = DownloadKind(
    FileRoute("staff/previews", "upl", LIFETIME, is_for_staff=True),
    READER_SQL,
    "true",
    is_preview=True,
)
