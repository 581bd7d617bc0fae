"""Bytes of a text file to text, whatever program wrote them."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from faqbot.formats.rows.source import Source
from faqbot.language import _

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the first half of this one
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHINESE = ("gb18030", "big5")
# With fewer bytes outside ASCII the statistics of charset-normalizer guess: of 112 texts in GB18030 with fewer it
# took 61 for something else, of 37 with more none.
_FEW = 32
# Three such letters in a row are no word of a Western language, but Russian or Korean read as one.
_GIBBERISH = re.compile(r"[^\W\d_a-zA-Z]{3}|[¤¦§¨¬¯±¶¸¼½¾]")


def decode(source: Source) -> tuple[str, str]:
    """Decode by byte-order mark, else as UTF-8, else by what the bytes look like.

    Returns:
        (text, name of the encoding such as `utf-8`, `utf-8-sig`, `utf-16`, `gb18030`, `big5`).

    Raises:
        UnreadableFile: The bytes are no text in any encoding that is known here, or not what their mark says.
    """
    data = source.data
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(source, encoding), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    _refuse_mixture(source)
    if sum(byte > 0x7F for byte in data[:10_000]) < _FEW:
        likely = _looks_chinese(data) or _looks_western(data)
        if likely is None:
            raise source.unreadable(
                _("its encoding cannot be told from so few characters outside ASCII; save it as UTF-8")
            )
        return data.decode(likely), likely
    best = from_bytes(data).best()
    if best is None:
        raise source.unreadable(_("it is not text in UTF-8, UTF-16, GB18030 or Big5; save it as UTF-8"))
    return str(best).removeprefix("\ufeff"), best.encoding.replace("_", "-")


def _strictly(source: Source, encoding: str) -> str:
    # Without "-sig", which would count the place of an error from behind the mark.
    name = encoding.removesuffix("-sig")
    try:
        return source.data.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise source.unreadable(
            _(
                "it starts as {encoding} and is not at byte {start}; save it again",
                encoding=name.upper(),
                start=error.start,
            )
        ) from None


def _refuse_mixture(source: Source) -> None:
    """Refuse a file that two programs have written to: some lines are UTF-8, some are not."""
    lines = [(number, line) for number, line in enumerate(source.data.splitlines(), 1) if not line.isascii()]
    others = [number for number, line in lines if not _is_utf8(line)]
    if 2 * len(others) <= len(lines) and _looks_chinese(source.data) is None:
        shown = ", ".join(map(str, others[:5])) + (" …" if len(others) > 5 else "")
        raise source.unreadable(
            _("most of it is UTF-8, and line {lines} is not; write these lines anew, and save it as UTF-8", lines=shown)
        )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _looks_chinese(data: bytes) -> str | None:
    """The Chinese encoding in which nine of ten characters outside ASCII are common ones; None when neither."""
    shares = {}
    for encoding in _CHINESE:
        try:
            wide = [character for character in data.decode(encoding) if character > "\x7f"]
        except UnicodeDecodeError:
            continue
        shares[encoding] = sum(_is_common(character, encoding) for character in wide) / max(len(wide), 1)
    best = max(shares, key=lambda encoding: shares[encoding], default=None)
    return best if best and shares[best] >= 0.9 else None


def _looks_western(data: bytes) -> str | None:
    """Windows' Western encoding where accents stand among plain letters; None where it would be gibberish."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return None if _GIBBERISH.search(text) else "cp1252"


def _is_common(character: str, encoding: str) -> bool:
    """Whether the standard counts it among frequent characters: GB 2312 level 1 or Big5 level 1, or punctuation."""
    try:
        code = character.encode("gb2312" if encoding == "gb18030" else "big5")
    except UnicodeEncodeError:
        return False
    if encoding == "gb18030":
        return 0xB0 <= code[0] <= 0xD7 or code[0] in (0xA1, 0xA3)
    return b"\xa4\x40" <= code <= b"\xc6\x7e" or code[0] in (0xA1, 0xA2)
