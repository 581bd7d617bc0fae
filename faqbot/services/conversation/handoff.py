"""Customers who ask for a person (转人工)."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Literal

from faqbot.knowledge import match_key

_LONGEST = 100
"""Characters of a message that can be such a request; what is longer says more than that."""

_Group = tuple[tuple[str, ...], Literal["any", "one", "needed"]]


def _group(times: Literal["any", "one", "needed"], words: str) -> _Group:
    return tuple(words.split()), times


# A request is one word of each group in turn: any number of them, one at most, or exactly one. The whole message has to
# be such a request: "how do I become an agent" and "人工费多少" are questions like any other.
_REQUESTS = (
    (
        _group("any", "请 麻烦 帮我 给我 我要 我想 我想要 要 能 能不能 可以 可不可以"),
        _group("one", "转 转接 转到 接 接入 找 叫 换 联系 呼叫"),
        _group("one", "一"),
        _group("one", "下 个 位"),
        _group("needed", "人工 真人 客服 活人"),
        _group("one", "客服 服务 坐席 座席 专员 人员"),
        _group("any", "吧 吗 呢 谢谢"),
    ),
    (
        _group(
            "any",
            "please can could i you want need would like me to speak talk chat connect transfer with get a an the real "
            "live",
        ),
        _group("needed", "human agent humanagent liveagent person representative operator humanbeing"),
        _group("any", "please now thanks"),
    ),
)


def wants_person(text: str) -> bool:
    """Whether a message asks for a person and for nothing else.

    The time it takes grows with the length of the text and no faster, whatever a stranger writes: every place in the
    text is looked at once for each group of words, where a pattern with repeated alternatives would try them all.
    """
    key = match_key(text).replace(" ", "")
    return len(key) <= _LONGEST and any(_fits(key, groups) for groups in _REQUESTS)


def _fits(text: str, groups: Iterable[_Group]) -> bool:
    """Whether the words of the groups, in their order, make up the whole text."""
    places: Set[int] = {0}
    for words, times in groups:
        after = _behind(text, places, words)
        if times == "any":
            new = after - places
            while new:
                places |= new
                new = _behind(text, new, words) - places
        else:
            places = after if times == "needed" else places | after
    return len(text) in places


def _behind(text: str, places: Set[int], words: Iterable[str]) -> Set[int]:
    """Where one of the words ends that begins at one of the places."""
    return {place + len(word) for place in places for word in words if text.startswith(word, place)}
