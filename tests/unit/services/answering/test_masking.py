from __future__ import annotations

import pytest

from faqbot.services.answering.masking import masked


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("我的手机是13812345678,怎么改", "我的手机是[number],怎么改"),
        ("call +44 20 7946 0958 please", "call [number] please"),
        ("身份证11010519491231002X能用吗", "身份证[number]能用吗"),
        ("card 4111-1111-1111-1111 was declined", "card [number] was declined"),
        ("订单AB12345678到哪了", "订单AB[number]到哪了"),
        ("write to Li.Wei+shop@mail.example.com.cn now", "write to [email] now"),
        # Up to six digits are prices, sizes, years and codes of errors, which the question is about.
        ("iPhone 15 256G 要 5999 元", "iPhone 15 256G 要 5999 元"),
        ("错误 500123, 2024 年", "错误 500123, 2024 年"),
    ],
)
def test_personal_numbers_and_addresses_are_masked_and_prices_are_not(text: str, kept: str) -> None:
    assert masked(text) == kept


def test_a_text_made_to_confuse_is_masked_in_no_time() -> None:
    assert "@" in masked("a" * 50_000 + "@")
    assert masked("1 " * 50_000).startswith("[number]")
