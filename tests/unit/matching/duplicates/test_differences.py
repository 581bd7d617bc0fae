from __future__ import annotations

import pytest

from faqbot.matching.duplicates.differences import ask_different_things, differ_in_one_part


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("怎么开通短信提醒", "短信提醒要怎样才能关闭"),
        ("How do I lock my card?", "I would like to unlock the card"),
        ("人民币怎么换美元", "美元怎么换人民币"),
        ("10 GB 套餐多少钱", "50 GB 套餐多少钱"),
        ("订单怎么取消", "订单为什么取消"),
        ("谁可以使用游泳池", "游泳池在哪里"),
        ("Where is the car park?", "How much does it cost to park the car?"),
    ],
)
def test_a_number_an_opposite_an_order_or_what_is_asked_for_make_two_questions(a: str, b: str) -> None:
    assert ask_different_things(a, b)
    assert ask_different_things(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("怎么退款", "如何退款"),
        ("如何申请退款？", "退款怎么申请"),
        ("How do I pay?", "How can I pay?"),
        ("怎么重置密码", "如何重设密码"),
        ("在哪里可以办卡", "怎么办卡"),
        ("How long is delivery?", "When will my parcel arrive?"),
        ("Do you ship abroad?", "Is delivery to other countries possible?"),
        ("充电宝可以带上飞机吗", "飞机上能带充电宝吗"),
    ],
)
def test_another_frame_or_other_words_throughout_may_ask_the_same(a: str, b: str) -> None:
    assert not ask_different_things(a, b)


@pytest.mark.parametrize(
    ("a", "b", "replaced"),
    [
        ("金卡的年费是多少", "银卡的年费是多少", True),
        ("How much is the Basic plan?", "How much is the Pro plan?", True),
        ("怎么退款", "如何退款", False),
        ("Do you ship abroad?", "Is delivery to other countries possible?", False),
    ],
)
def test_one_part_is_replaced_where_the_rest_is_equal(a: str, b: str, replaced: bool) -> None:
    assert differ_in_one_part(a, b) is replaced
    assert differ_in_one_part(b, a) is replaced
