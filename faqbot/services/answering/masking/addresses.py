"""E-mail addresses as people write them, and addresses of machines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

_AT = r" ?(?:@|[(\[{<] ?(?:at|@|艾特) ?[)\]}>]|艾特|圈a|小老鼠) ?"
_DOT = r" ?(?:[(\[{<] ?(?:dot|\.|点) ?[)\]}>]|点|。) ?"
_REST = r"(?![A-Za-z0-9])"
_SAID = rf"(?:{_DOT}| dot )"
_POINT = rf"(?:{_SAID}| ?\. ?)"
_HOSTS = r"gmail|googlemail|outlook|hotmail|live|yahoo|icloud|qq|163|126|foxmail|sina|proton(?:mail)?|gmx"
_ENDINGS = r"com|net|org|cn|edu|gov|io|co|uk|de|fr|info|me|app|dev|eu"
# Local part and domain in ASCII, because in Chinese the words around stand close to them.
_NAME = r"[A-Za-z0-9._%+-]"
_LOCAL, _LABEL = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}", r"[A-Za-z0-9-]{1,63}"
_EMAILS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL}){{1,8}}",
        # With quotes round the name, or the host as its number.
        rf'"[^"\n@]{{1,64}}"@{_LABEL}(?:\.{_LABEL}){{1,8}}',
        rf"{_LOCAL}@\[[0-9a-f:.]{{3,60}}\]",
        # Letters of other alphabets.
        rf"[\w.%+-]{{0,63}}[^\W\x00-\x7f]@(?:{_LABEL}(?:\.{_LABEL}){{1,8}}|[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,3}})",
        rf"{_LOCAL}@[^\W\x00-\x7f][\w-]{{0,62}}(?:\.[\w-]{{1,63}}){{1,3}}",
        # Spelled: (at), [dot], 艾特, 点, or blanks round the signs.
        rf"{_NAME}{{1,64}}{_AT}{_LABEL}(?:{_POINT}{_LABEL}){{0,3}}{_POINT}(?:{_ENDINGS}){_REST}",
        rf"{_NAME}{{2,64}} at {_LABEL}(?:{_SAID}[A-Za-z0-9-]{{2,20}}){{0,2}}{_SAID}(?:{_ENDINGS}){_REST}",
        rf"{_NAME}{{2,64}}(?: at |{_AT})(?:{_HOSTS})(?: ?\. ?[a-z]{{2,4}}(?![a-z]))?{_REST}",
        # Without a dot: what follows is the name of a network or a bank that pays.
        rf"(?<![A-Za-z0-9._%+-])[A-Za-z][A-Za-z0-9._%+-]{{0,63}}@[A-Za-z]{_LABEL}",
    )
)
_HEX = r"[0-9A-Fa-f]"
_NETWORK = re.compile(
    # A MAC address, of a phone for example.
    rf"(?<![0-9A-Za-z:.-])(?:{_HEX}{{2}}(?::{_HEX}{{2}}){{5}}|{_HEX}{{2}}(?:-{_HEX}{{2}}){{5}}"
    rf"|{_HEX}{{4}}(?:\.{_HEX}{{4}}){{2}}(?!\.[0-9A-Za-z]))(?![0-9A-Za-z:-])"
    # IPv6, perhaps with an IPv4 tail, a zone and a prefix.
    rf"|(?<![0-9A-Za-z:])(?:{_HEX}{{1,4}}|:):[0-9A-Fa-f:]{{0,40}}(?:\.\d{{1,3}}){{0,3}}(?:%[A-Za-z0-9]{{1,16}})?"
    r"(?:/\d{1,3})?|(?<![0-9A-Za-z.])\d{1,3}(?:\.\d{1,3}){3}(?![0-9]|\.\d)(?:/\d{1,2}|:\d{1,5})?"
)
_RELEASE = re.compile(r"(?:version|build|firmware|release|\bv|版本号?|固件) ?[:.]? ?$", re.IGNORECASE)
_SUFFIX = re.compile(r"[%/].*$")


def emails(text: str) -> Iterator[tuple[int, int]]:
    """Where e-mail addresses stand, in order, without overlap."""
    lower = text.lower()
    if not any(sign in lower for sign in ("@", "at", "艾特", "圈a", "小老鼠")):
        return
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found.span() for pattern in _EMAILS for found in pattern.finditer(text)):
        if spans and start < spans[-1][1]:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((start, end))
    yield from spans


def network_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where IPv4, IPv6 and MAC addresses stand, in order; times of day and numbers of releases are none."""
    for found in _NETWORK.finditer(text):
        start, whole = found.start(), found[0]
        if ":" not in whole.partition("/")[0].rpartition(".")[0] and _RELEASE.search(text[max(0, start - 12) : start]):
            continue
        # A colon behind an address belongs to the sentence.
        for end in (len(whole), len(whole.rstrip(":."))):
            if _is_address(whole[:end]):
                yield start, start + end
                break


def _is_address(text: str) -> bool:
    if re.fullmatch(rf"{_HEX}{{2}}(?:[:-]{_HEX}{{2}}){{5}}|(?=.*[A-Fa-f]){_HEX}{{4}}(?:\.{_HEX}{{4}}){{2}}", text):
        return True
    bare = _SUFFIX.sub("", text)
    # a::b is a name in a program.
    if not any(map(str.isdigit, bare)):
        return False
    if "." in bare and bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        ip_address(bare)
    except ValueError:
        return False
    return True
