from __future__ import annotations

from itertools import product

import pytest
from pypinyin import Style, lazy_pinyin, pinyin

from faqbot.matching.spelling.pronunciation import sounds
from faqbot.matching.spelling.respelling import Respeller

TEXTS = (
    "怎么申请退款",
    "退款多久到账",
    "如何修改收货地址",
    "提升会员等级",
    "怎么提前还款",
    "支持微信支付吗",
    "app 打不开",
)


@pytest.fixture(scope="module")
def respeller() -> Respeller:
    return Respeller(TEXTS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tuikuan", "退款"),
        ("zenme tuikuan", "怎么退款"),
        ("tuì kuǎn", "退款"),
        ("tiqian huankuan", "提前还款"),
        ("怎么 tuikuan", "怎么 退款"),
        ("怎么题升等级", "怎么提升等级"),
        ("怎麼退款", "怎么退款"),
    ],
)
def test_the_knowledge_bases_own_spelling_is_found(respeller: Respeller, typed: str, meant: str) -> None:
    found = respeller.respell(typed)
    assert found is not None
    assert found.text == meant
    assert found.replaced


@pytest.mark.parametrize(
    "text", ["怎么退款", "how can I change my address", "women", "app", "如何使用", "", "???", "tuikuan please"]
)
def test_what_is_spelt_well_or_is_no_chinese_stays(respeller: Respeller, text: str) -> None:
    assert respeller.respell(text) is None


def test_a_traditional_knowledge_base_keeps_its_script() -> None:
    assert Respeller(["怎麼申請退貨", "發票開立"]).respell("怎麼退貨") is None


def test_a_knowledge_base_without_chinese_respells_nothing() -> None:
    assert Respeller(["How do I pay?"]).respell("tuikuan") is None


@pytest.mark.parametrize("piece", ["还", "银行", "还款", "重新下单", "长度不够", "会员等级", "了解", "重庆的重"])
def test_a_piece_is_said_as_pypinyin_says_it_whole(piece: str) -> None:
    # We ask word by word and keep the answers; 还, 行, 重 and 长 depend on the word around them.
    usual, *others = sounds(piece)
    assert usual == tuple(lazy_pinyin(piece))
    if len(piece) <= 3:
        assert others == list(product(*pinyin(piece, style=Style.NORMAL, heteronym=True)))
