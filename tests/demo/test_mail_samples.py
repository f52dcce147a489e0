"""`lk mail preview` includes every mail, with values for all variables."""

from pathlib import Path

import lk_graphql
from lk_graphql.demo.data.mail_samples import mail_samples
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.ports import mail


def test_every_template_is_shown_with_believable_values():
    samples = dict(mail_samples())
    root = Path(lk_graphql.__file__).parent
    layouts = Path(mail.__file__).parent
    written = [f for f in root.glob("*/templates/*.??.j2") if layouts not in f.parents]
    names = {f"{f.parents[1].name}-{f.name.removesuffix('.j2')}" for f in written}
    notices = {
        f"notifications-notice-{k.lower()}.{code}" for k in NoticeKind for code in ("ru", "en")
    }
    assert names - samples.keys() == {"notifications-notice.ru", "notifications-notice.en"}
    assert notices <= samples.keys()
    assert [name for name, mail in samples.items() if "‹" in mail.text + mail.subject] == []
