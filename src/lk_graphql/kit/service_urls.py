"""Parser of service addresses (`smtp://user:password@host:587`) whose errors quote no secret."""

from urllib.parse import SplitResult, unquote, urlsplit

_SPECIAL = (
    "write the characters / ? # [ ] and % of a user or a password as %2F %3F %23 %5B %5D and %25;"
    " a port is a number up to 65535"
)


def split_service_url(url: str) -> SplitResult:
    """The parts of an address, with a port that is a number, and a host that can be looked up.

    Raises ValueError with a message of its own, because urllib's messages quote parts of the
    address. For example, urllib takes the part of a password before a `/` for the port.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port, (parts.hostname or "").encode("idna")
    except ValueError:
        raise ValueError(f"can't be divided into its parts: {_SPECIAL}") from None
    if "\N{REPLACEMENT CHARACTER}" in unquote(parts.netloc):
        raise ValueError("has percent-encoded bytes that aren't UTF-8")
    return parts
