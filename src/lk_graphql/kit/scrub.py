"""Redaction of secrets and personal data in log texts."""

import re
from collections.abc import Iterable

REDACTED = "***"

_PRIVATE = re.compile(
    r"""
      [^\s@"'<>()=:,;]+ @ [^\s@"'<>()=:,;]+ \. [^\s@"'<>()=:,;]+     # an e-mail address
    | \$argon2\w*\$[^\s"']+                                          # a password's hash
    | (?<![\w-]) [\w-]{40,} (?![\w-])                                # a token, or its hash
    | (?<![\w.-]) (?:(?:\+?7|8)(?=[\s(-]*\d)|(?=9)) (?:[\s()-]*\d){10} (?![\w-])  # a Russian phone
    """,
    re.VERBOSE,
)


def scrub(text: str, secrets: Iterable[str] = ()) -> str:
    """Redact `secrets`, e-mails, Russian phone numbers, password hashes and tokens.

    Secrets shorter than four characters are ignored, because they occur in ordinary words.
    """
    for secret in sorted({s for s in secrets if len(s) >= 4}, key=len, reverse=True):
        text = text.replace(secret, REDACTED)
    return _PRIVATE.sub(REDACTED, text)
