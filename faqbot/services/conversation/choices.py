"""What a customer says to a list: a number, "the second one", 第二个, none of these."""

from __future__ import annotations

import re

from faqbot.knowledge import match_key

LAST = -1
"""Stands for the end of the list, however long it is."""

_CHINESE = {digit: number for number, digit in enumerate("一二三四五六七八九十", start=1)}
_ENGLISH = {
    word: number
    for number, words in enumerate(
        (
            ("one", "first"),
            ("two", "second"),
            ("three", "third"),
            ("four", "fourth"),
            ("five", "fifth"),
            ("six", "sixth"),
            ("seven", "seventh"),
            ("eight", "eighth"),
            ("nine", "ninth"),
            ("ten", "tenth"),
        ),
        start=1,
    )
    for word in words
}
_NUMBERS = {**_CHINESE, **_ENGLISH, "last": LAST, "最后一": LAST}

# The whole message has to be a choice: "第二个包裹在哪" and "one more question" are questions like any other. A Chinese
# measure word alone makes no choice either: 两个, 三个 count something.
_CHOICES = re.compile(
    r"(?:我?(?:要|选|选择|想问|问|看)的?是?)?"
    r"(?:第(?P<ordinal>\d{1,2}|[一二三四五六七八九十])(?:个|条|项|种|问)?|(?P<last>最后一)(?:个|条|项|种)"
    r"|(?P<plain>\d{1,2}|[一二三四五六七八九十])号?)"
    r"(?:问题)?(?:吧|谢谢)?"
    r"|(?:i(?:want|take|pick|choose|mean|meant))?(?:the)?(?:number|no|option|choice)?(?P<digits>\d{1,2})(?:please|thanks)?"
    r"|(?:number|option|choice)?(?P<word>one|two|three|four|five|six|seven|eight|nine|ten)(?:please|thanks)?"
    r"|(?:i(?:want|take|pick|choose|mean|meant))?(?:the)?(?P<place>\d{1,2}(?=st|nd|rd|th)|first|second|third|fourth|fifth"
    r"|sixth|seventh|eighth|ninth|tenth|last)(?:st|nd|rd|th)?(?:one|option|choice|question)?(?:please|thanks)?"
)

_YES = frozenset(
    map(match_key, ("是", "是的", "对", "对的", "嗯", "没错", "就是这个", "yes", "yep", "yeah", "that one"))
)

_NONE = frozenset(
    map(
        match_key,
        (
            *(
                "都不是",
                "以上都不是",
                "都不是的",
                "这些都不是",
                "都不对",
                "都没有",
                "没有",
                "不是",
                "不是这些",
                "没有我要问的",
            ),
            *("没有我想问的", "没有我要的", "其他", "其他问题", "一个都不是"),
            *("none of these", "none of those", "none of them", "none of the above", "none", "neither", "not these"),
            *("no", "nope", "no none of these", "none of these please", "something else", "other"),
        ),
    )
)


def chosen_number(text: str, offered: int) -> int | None:
    """The place, from 1, that a message names in a list; it may lie behind the list's end.

    Args:
        text: The customer's message.
        offered: How many lines the list has; to a single one, "yes" is a choice.
    """
    key = match_key(text)
    if offered == 1 and key in _YES:
        return 1
    found = _CHOICES.fullmatch(key)
    if found is None:
        return None
    [named] = (part for part in found.groupdict().values() if part is not None)
    number = int(named) if named.isdecimal() else _NUMBERS[named]
    return offered if number == LAST else number


def is_none_of_these(text: str) -> bool:
    """Whether a message turns a whole list down."""
    return match_key(text) in _NONE
