"""Who sent a request, as far as the network says: one customer, however the address is spelled."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

UNKNOWN = "unknown"
"""Stands for every address that cannot be read, so that all of them together count as one customer."""

# Longer than any address with a scope, brackets and a port.
_LONGEST = 80
# A customer is given a network of this size, in which an address can change with every request (RFC 6177).
_IPV6_PREFIX = 64


@dataclass(frozen=True, slots=True)
class Client:
    """Who sent a request.

    Attributes:
        network: An IPv4 address, an IPv6 network of 64 bits such as `2001:db8:1:1::/64`, or `UNKNOWN`.
        is_local: Whether a program on this machine sent it itself; never for what was forwarded.
    """

    network: str
    is_local: bool


def client_of(socket_address: str, hops: Sequence[str], trusted: int, *, is_forwarded: bool) -> Client:
    """Who is behind a connection.

    Args:
        socket_address: The other end of the connection; empty for a Unix socket.
        hops: `X-Forwarded-For`: each proxy adds at its end who connected to it.
        trusted: How many of the last hops were written by proxies that are trusted.
        is_forwarded: Whether any header says that a proxy passed the request on.
    """
    believed = hops[-trusted:] if trusted else ()
    # Where fewer proxies wrote than were promised, the first of them was reached directly.
    network = network_of(believed[0] if believed else socket_address)
    is_local = not is_forwarded and (not socket_address or _is_loopback(socket_address))
    return Client(network, is_local)


@lru_cache(4096)
def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        # IPv4 in the clothes of IPv6 is the same customer; 6to4 would give one of them 65,536 networks.
        return address.ipv4_mapped or address.sixtofour or address
    return address


def network_of(text: str) -> str:
    """The network that counts as one customer, for `Client.network`.

    Args:
        text: An address as sockets and proxies write it: bare, with a port, in brackets, in quotation marks.
    """
    address = _parsed(text) if len(text) <= _LONGEST else None
    if address is None:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.IPv6Network((int(address), _IPV6_PREFIX), strict=False))


def origin_of(url: str) -> str:
    """The part of an address that a browser sends as `Origin`; empty for an empty one."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""


def _is_loopback(text: str) -> bool:
    address = _parsed(text)
    return address is not None and address.is_loopback
