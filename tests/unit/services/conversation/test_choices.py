from __future__ import annotations

import pytest

from faqbot.services.conversation.choices import chosen_number, is_none_of_these


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2",
            "２",
            "2.",
            "(2)",
            "②",
            "2号",
            "选2",
            "第2个",
            "第二个",
            "第二条",
            "第二个问题",
            "二",
            "我要第二个",
            "我想问第二个",
        ),
        *(
            "我选第二个吧",
            "the second one",
            "second",
            "The 2nd one, please",
            "2nd",
            "number 2",
            "No. 2",
            "option 2",
            "#2",
            "two",
        ),
        *("I want the second one", "I meant number 2", "the second question"),
    ],
)
def test_the_second_of_three_can_be_named_in_many_ways(text: str) -> None:
    assert chosen_number(text, 3) == 2


@pytest.mark.parametrize("text", ["最后一个", "the last one", "last"])
def test_the_last_one_is_the_end_of_the_list(text: str) -> None:
    assert chosen_number(text, 3) == 3
    assert chosen_number(text, 5) == 5


@pytest.mark.parametrize("text", ["7", "第七个", "the seventh one"])
def test_a_number_behind_the_end_is_still_a_choice(text: str) -> None:
    assert chosen_number(text, 3) == 7


@pytest.mark.parametrize("text", ["是的", "对", "Yes!"])
def test_yes_chooses_from_a_list_of_one_and_from_no_other(text: str) -> None:
    assert chosen_number(text, 1) == 1
    assert chosen_number(text, 2) is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "退款",
            "两个",
            "第二个包裹在哪",
            "第二件半价怎么用",
            "2件能包邮吗",
            "买2个有优惠吗",
            "20231122",
            "365",
            "3天",
            "二手",
        ),
        *(
            "one more question",
            "second hand",
            "my second order",
            "2 items",
            "the two of us",
            "first class shipping",
            "no 1 knows",
        ),
    ],
)
def test_a_question_with_a_number_in_it_is_a_question(text: str) -> None:
    assert chosen_number(text, 3) is None


@pytest.mark.parametrize(
    "text", ["都不是", "以上都不是。", "没有", "None of these!", "none of the above", "no", "Something else"]
)
def test_a_list_can_be_turned_down(text: str) -> None:
    assert is_none_of_these(text)


@pytest.mark.parametrize(
    "text", ["没有收到货", "不是我的订单", "no refund yet", "其他快递可以吗", "none of my parcels came"]
)
def test_a_question_that_begins_like_a_refusal_is_a_question(text: str) -> None:
    assert not is_none_of_these(text)
