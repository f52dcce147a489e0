"""Fields that the uploads slice adds to `User` and `PublicSettings`."""

from lk_graphql.identity.types.objects import PublicSettings, User
from lk_graphql.planner.types import derived, extends, related
from lk_graphql.ports import Ports
from lk_graphql.uploads.service.creation import customer_allowance
from lk_graphql.uploads.types import Upload, UploadRules, upload_rules


@extends(User)
class UserUploads:
    """Unclaimed uploads of the customer."""

    uploads: list[Upload] = related(
        "The customer's unused uploads, the oldest first; they are deleted after a day.",
        order_by="created_at",
        where={"taken_at": None},
    )


def uploads(ports: Ports) -> UploadRules:
    return upload_rules(customer_allowance(ports))


@extends(PublicSettings)
class UploadSettings:
    """Public settings of uploads."""

    uploads: UploadRules = derived("The rules of uploads («загрузка документов»).", uploads)
