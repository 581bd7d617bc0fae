from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faqbot.channels.messengers import lark, slack, wecom
from faqbot.channels.signatures import check_signature, sign
from faqbot.channels.webhook import signature_report
from faqbot.errors import BadSignature

SECRET = "a secret that both sides know"
NOW = 1_790_000_000.0
BODY = '{"message_id": "m-1", "question": "怎么退款？"}'.encode()
STAMP = str(int(NOW))

Request = tuple[str, str, bytes]


def _accepted(timestamp: str, signature: str, body: bytes, secret: str = SECRET, now: float = NOW) -> bool:
    try:
        check_signature(secret, timestamp, signature, body, now)
    except BadSignature:
        return False
    return True


def test_the_signature_is_what_openssl_computes() -> None:
    # printf '1790000000.{"a":1}' | openssl dgst -sha256 -hmac 'a secret that both sides know'
    expected = "sha256=ccd4bdc3c84a9ef5f6c0d3435480a6d6786a0d36b552f0b40854b921c06cbac1"
    assert sign(SECRET, "1790000000", b'{"a":1}') == expected


def test_a_signed_request_is_accepted_up_to_five_minutes_either_way() -> None:
    signature = sign(SECRET, STAMP, BODY)
    for away, accepted in ((0, True), (300, True), (-300, True), (301, False), (-301, False), (86_400, False)):
        assert _accepted(STAMP, signature, BODY, now=NOW + away) == accepted


def _flip(text: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(text))
    return text[:at] + bytes([text[at] ^ (1 << dice.randrange(8))]) + text[at + 1 :]


def _cut(text: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(text))
    return text[:at] + text[at + dice.randrange(1, 9) :]


def _grow(text: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(text) + 1)
    return text[:at] + dice.randbytes(dice.randrange(1, 9)) + text[at:]


def _other_body(change: Callable[[bytes, random.Random], bytes]) -> Callable[[Request, random.Random], Request]:
    return lambda request, dice: (request[0], request[1], change(request[2], dice))


def _other_signature(change: Callable[[bytes, random.Random], bytes]) -> Callable[[Request, random.Random], Request]:
    return lambda request, dice: (request[0], change(request[1].encode(), dice).decode("latin-1"), request[2])


NO_TIMES = ["", "-1", "1e9", STAMP + ".5", " " + STAMP, "٣" + STAMP[1:], "9" * 20]

MUTATIONS: list[Callable[[Request, random.Random], Request]] = [
    _other_body(_flip),
    _other_body(_cut),
    _other_body(_grow),
    _other_signature(_flip),
    _other_signature(_cut),
    _other_signature(_grow),
    # Unsigned, and signed by somebody who does not know the secret.
    lambda request, dice: (request[0], dice.choice(["", "sha256=", "sha256", "None", request[1].upper()]), request[2]),
    lambda request, dice: (request[0], sign(str(dice.random()), request[0], request[2]), request[2]),
    # Replayed with a fresher time than was signed.
    lambda request, dice: (
        str(int(request[0]) + dice.choice([-1, 1]) * dice.randrange(1, 300)),
        request[1],
        request[2],
    ),
    # Signed well, but too long ago or ahead of time.
    lambda request, dice: _signed(str(int(NOW) + dice.choice([-1, 1]) * dice.randrange(301, 10**8)), request[2]),
    # A time that is none, though signed.
    lambda request, dice: _signed(dice.choice(NO_TIMES), request[2]),
    # The dot between time and body moved.
    lambda request, dice: (request[0] + "." + request[2][:5].decode(), request[1], request[2][5:]),
]


def _signed(timestamp: str, body: bytes) -> Request:
    return timestamp, sign(SECRET, timestamp, body), body


def test_none_of_ten_thousand_mutations_is_accepted() -> None:
    dice = random.Random(20)  # noqa: S311
    accepted, tried = [], 0
    while tried < 10_000:
        honest = _signed(str(int(NOW) + dice.randrange(-300, 301)), BODY + dice.randbytes(dice.randrange(20)))
        assert _accepted(*honest)
        mutation = dice.choice(MUTATIONS)(honest, dice)
        if mutation == honest:
            continue
        tried += 1
        accepted += [mutation] if _accepted(*mutation) else []
    assert accepted == []


@given(timestamp=st.text(max_size=30), signature=st.text(max_size=100), body=st.binary(max_size=100))
def test_nothing_that_was_not_signed_is_accepted_or_breaks_the_check(
    timestamp: str, signature: str, body: bytes
) -> None:
    assert not _accepted(timestamp, signature, body)


@given(signature=st.text(max_size=80), nonce=st.text(max_size=20), text=st.text(max_size=80))
def test_no_vendors_check_lets_in_or_breaks_on_what_was_not_signed(signature: str, nonce: str, text: str) -> None:
    body = text.encode("utf-8", "surrogatepass")
    seal = wecom.Seal(SECRET, "k" * 43, "company", signature, STAMP, nonce)
    for check in (
        lambda: slack.check_signature(SECRET, STAMP, signature, body, NOW),
        lambda: lark.check_signature(SECRET, STAMP, nonce, signature, body, NOW),
        lambda: lark.decrypt(SECRET, {"encrypt": text}),
        lambda: seal.open(text, NOW),
        lambda: wecom.sealed_part(body),
    ):
        with pytest.raises(BadSignature):
            check()


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        (("", "", BODY), "timestamp is missing"),
        (_signed(str(int(NOW) - 400), BODY), "400 seconds behind our clock"),
        (_signed(str(int(NOW) + 400), BODY), "400 seconds ahead of our clock"),
        ((STAMP, sign("other secret", STAMP, BODY), BODY), "does not fit"),
    ],
)
def test_the_self_test_says_what_is_wrong_and_never_what_is_right(request_: Request, problem: str) -> None:
    report = signature_report(SECRET, *request_, NOW)
    assert report["ok"] is False
    assert problem in str(report["problem"])
    assert sign(SECRET, request_[0], request_[2])[7:] not in str(report).replace(request_[1], "")
    assert (report["our_time"], report["body_bytes"]) == (int(NOW), len(BODY))


def test_the_self_test_shows_what_it_signed() -> None:
    report = signature_report(SECRET, *_signed(STAMP, BODY), NOW)
    assert (report["ok"], report["problem"]) == (True, None)
    assert str(report["signed_text_starts_with"]).startswith(f'{STAMP}.{{"message_id": "m-1"')
