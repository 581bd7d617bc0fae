from __future__ import annotations

import pytest

from faqbot.web.addresses import UNKNOWN, Client, client_of, network_of


@pytest.mark.parametrize(
    ("spelled", "network"),
    [
        ("203.0.113.1", "203.0.113.1"),
        (" 203.0.113.1:4711 ", "203.0.113.1"),
        ("::ffff:203.0.113.1", "203.0.113.1"),
        ("[::FFFF:203.0.113.1]:80", "203.0.113.1"),
        ("2002:cb00:7101:5::9", "203.0.113.1"),
        ("2001:db8:1:1::1", "2001:db8:1:1::/64"),
        ("2001:0DB8:1:1:ffff:ffff:ffff:ffff", "2001:db8:1:1::/64"),
        ("[2001:db8:1:1::1]", "2001:db8:1:1::/64"),
        ('"[2001:db8:1:1::1]:4711"', "2001:db8:1:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("fe80::1%eth1", "fe80::/64"),
        ("", UNKNOWN),
        ("unknown", UNKNOWN),
        ("_hidden", UNKNOWN),
        ("shop.example:80", UNKNOWN),
        ("203.0.113.001", UNKNOWN),
        ("203.0.113", UNKNOWN),
        ("\uff11.2.3.4", UNKNOWN),
        ("1" * 100_000, UNKNOWN),
    ],
)
def test_an_address_is_one_customer_however_it_is_spelled(spelled: str, network: str) -> None:
    assert network_of(spelled) == network


@pytest.mark.parametrize(
    ("hops", "trusted", "network"),
    [
        ([], 1, "192.0.2.1"),
        (["203.0.113.1"], 0, "192.0.2.1"),
        (["10.0.0.1", "203.0.113.1"], 1, "203.0.113.1"),
        # The outer proxy wrote 203.0.113.1, the inner one the outer one's address.
        (["10.0.0.1", "203.0.113.1", "192.0.2.9"], 2, "203.0.113.1"),
        # Whoever goes round the outer proxy is known by what the inner one wrote.
        (["203.0.113.1"], 2, "203.0.113.1"),
        (["203.0.113.1", "nonsense"], 1, UNKNOWN),
    ],
)
def test_of_a_chain_only_what_trusted_proxies_wrote_is_believed(hops: list[str], trusted: int, network: str) -> None:
    assert client_of("192.0.2.1", hops, trusted, is_forwarded=bool(hops)) == Client(network, is_local=False)


@pytest.mark.parametrize("socket_address", ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1", ""])
def test_this_machine_is_known_by_its_connection_and_never_by_a_header(socket_address: str) -> None:
    assert client_of(socket_address, [], 1, is_forwarded=False).is_local
    assert not client_of(socket_address, ["127.0.0.1"], 1, is_forwarded=True).is_local
    assert not client_of("192.0.2.1", ["127.0.0.1"], 1, is_forwarded=True).is_local
    assert not client_of("192.0.2.1", [], 1, is_forwarded=False).is_local
