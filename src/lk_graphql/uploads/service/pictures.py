"""Removal of metadata from pictures: place, camera and time (EXIF, XMP), comments, trailing bytes.

Pictures aren't decoded, so pixels, colours (ICC) and the orientation don't change. Videos and other
pictures, which telephones append after the end of a JPEG, are cut off.

Each `clean_…` function raises `ValueError` or `IndexError` for bytes that aren't such a picture.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from struct import pack

_SOI, _EOI, _SOS, _APP1 = b"\xff\xd8", b"\xff\xd9", 0xDA, b"\xff\xe1"
_STANDALONE = {0x01, *range(0xD0, 0xD8)}
_SCAN_END = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]", re.DOTALL)
_KEPT_APPLICATION_DATA = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""Prefixes of the APPn segments that are kept, because colours depend on them."""
_COMMENT = 0xFE
_PNG = b"\x89PNG\r\n\x1a\n"
_KEPT_CHUNKS = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND"),
    *(b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD", b"pHYs"),
}
_HEVC_BRANDS = {
    *(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"MiHE"),
}
_HEIF_BRANDS = {b"mif1", b"mif2", b"msf1"}
"""Brands of the container format, independent of the compression of the pictures."""
_AV1_BRANDS = {b"avif", b"avis"}
_HEIF_BOXES = {b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip", b"wide", b"uuid", b"idat"}
_HEIF_METADATA = {b"Exif", b"mime"}


def clean_jpeg(content: bytes, orientation: int = 1) -> bytes:
    """Return the first picture of the file. An EXIF `orientation` from 2 to 8 is written anew."""
    if not content.startswith(_SOI):
        raise ValueError("no JPEG")
    parts = [_SOI, *_orientation_segment(orientation)]
    position, has_scan = 2, False
    while (marker_at := content.find(b"\xff", position)) >= 0:
        while content[marker_at] == 0xFF:  # any number of fill bytes may precede a marker
            marker_at += 1
        marker = content[marker_at]
        end = marker_at + 1
        if marker == _EOI[1]:
            parts.append(_EOI)
            break
        if marker not in _STANDALONE:
            end += int.from_bytes(content[end : end + 2])
        if _is_kept(marker, content[marker_at + 3 : end]):
            parts.append(b"\xff" + content[marker_at:end])
        position = end
        if marker == _SOS:
            has_scan, scan_end = True, _SCAN_END.search(content, end)
            position = scan_end.start() if scan_end else len(content)
            parts.append(content[end:position])
    if not has_scan:
        raise ValueError("no picture in the JPEG")
    return b"".join(parts)


def _is_kept(marker: int, data: bytes) -> bool:
    if 0xE0 <= marker <= 0xEF:
        start = _KEPT_APPLICATION_DATA.get(marker)
        return start is not None and data.startswith(start)
    return marker != _COMMENT


def _orientation_segment(orientation: int) -> Iterator[bytes]:
    if 2 <= orientation <= 8:
        data = b"Exif\0\0" + _orientation_data(orientation)
        yield _APP1 + pack(">H", len(data) + 2) + data


def _orientation_data(orientation: int) -> bytes:
    """EXIF with one entry, the orientation: tag 0x0112, a SHORT."""
    return b"MM\0*" + pack(">LHHHLHHL", 8, 1, 0x0112, 3, 1, orientation, 0, 0)


def clean_png(content: bytes) -> bytes:
    """Return the picture up to its end, with the chunks that its display needs."""
    if not content.startswith(_PNG):
        raise ValueError("no PNG")
    parts, position, kind = [_PNG], len(_PNG), b""
    while kind != b"IEND":
        end = position + 12 + int.from_bytes(content[position : position + 4])
        kind = content[position + 4 : position + 8]
        if end > len(content):
            raise ValueError("the PNG is cut off")
        if kind in _KEPT_CHUNKS:
            parts.append(content[position:end])
        position = end
    return b"".join(parts)


def brands(start: bytes) -> set[bytes]:
    """Brands of a file of ISO 14496-12: the major one and the compatible ones."""
    if start[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(start[:4]), len(start))
    return {start[8:12], *(start[place : place + 4] for place in range(16, end - 3, 4))}


def is_heic(start: bytes) -> bool:
    """Whether a brand is of HEVC, or the major one is of the container HEIF and none is of AV1."""
    named = brands(start)
    return bool(named & _HEVC_BRANDS) or (start[8:12] in _HEIF_BRANDS and not is_avif(start))


def is_avif(start: bytes) -> bool:
    return bool(brands(start) & _AV1_BRANDS)


def clean_heic(content: bytes) -> bytes:
    """Return the file up to the first box that isn't of ISO 14496-12, with zeros for metadata.

    Nothing is moved, because the places of pictures are counted from the beginning of the file.
    Raises `ValueError` for pictures that are cut off, and for metadata outside of the boxes for
    data, where zeros would destroy the file.
    """
    boxes = [*takewhile(lambda box: box[0] in _HEIF_BOXES, _boxes(content, 0, len(content)))]
    if not {b"ftyp", b"meta"} <= {kind for kind, _, _ in boxes}:
        raise ValueError("no picture in the HEIC")
    kept = content[: boxes[-1][2]]  # without a video of Samsung's or Google's, for example
    cleaned = bytearray(kept)
    data = [(start, end) for kind, start, end in boxes if kind == b"mdat"]
    for kind, start, box_end in boxes:
        if kind == b"meta":
            for first, last in _metadata_places(kept, start + 4, box_end, data):
                cleaned[first:last] = bytes(last - first)
    return bytes(cleaned)


def _boxes(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start of the data and end of each box, up to the first invalid one."""
    while start + 8 <= end:
        length, header = int.from_bytes(content[start : start + 4]), 8
        if length == 1:
            length, header = int.from_bytes(content[start + 8 : start + 16]), 16
        box_end = start + length if length else end
        if box_end > end or box_end < start + header:
            return
        yield content[start + 4 : start + 8], start + header, box_end
        start = box_end


def _metadata_places(
    content: bytes, start: int, end: int, data: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Yield the places of metadata. Raises `ValueError` for one outside of `data` and `idat`."""
    boxes = {kind: (first, last) for kind, first, last in _boxes(content, start, end)}
    if b"iinf" not in boxes or b"iloc" not in boxes:
        return
    items = set(_metadata_items(content, *boxes[b"iinf"]))
    idat = boxes.get(b"idat", (0, 0))
    for item, method, offset, length in _extents(content, boxes[b"iloc"][0]):
        first = offset + idat[0] if method == 1 else offset
        last = first + length
        if item in items:
            if method > 1 or not length:
                raise ValueError("metadata in an unknown place")
            if not any(begin <= first and last <= until for begin, until in (*data, idat)):
                raise ValueError("metadata outside of the data")
            yield first, last
        elif method < 2 and last > len(content):
            raise ValueError("the HEIC is cut off")


def _metadata_items(content: bytes, start: int, end: int) -> Iterator[int]:
    count_size = 4 if content[start] else 2
    for kind, first, _ in _boxes(content, start + 4 + count_size, end):
        if kind == b"infe" and content[first] >= 2:
            id_size = 2 if content[first] == 2 else 4
            id_end = first + 4 + id_size
            if content[id_end + 2 : id_end + 6] in _HEIF_METADATA:
                yield int.from_bytes(content[first + 4 : id_end])


def _extents(content: bytes, position: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield the item, construction method, offset and length of each extent of the box `iloc`."""
    version, sizes, id_size = content[position], content[position + 4 : position + 6], 2
    offset_size, length_size, base_size = sizes[0] >> 4, sizes[0] & 15, sizes[1] >> 4
    index_size = sizes[1] & 15 if version else 0
    id_size = 4 if version == 2 else 2
    position += 6

    def number(size: int) -> int:
        nonlocal position
        position += size
        if position > len(content):
            raise ValueError("the HEIC is cut off")
        return int.from_bytes(content[position - size : position])

    for _ in range(number(id_size)):
        item = number(id_size)
        method = number(2) & 15 if version else 0
        number(2)
        base = number(base_size)
        for _ in range(number(2)):
            number(index_size)
            offset = number(offset_size)
            yield item, method, base + offset, number(length_size)
