"""What faqbot itself says to customers, in Chinese and English."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Literal

MessageLanguage = Literal["zh", "en"]

_MESSAGES: dict[str, dict[MessageLanguage, str]] = {
    "suggest": {"zh": "您是不是想问：", "en": "Did you mean:"},
    "passage": {
        "zh": "（摘自「{question}」，第 {number} 部分，共 {of} 部分）",
        "en": "(From “{question}”, part {number} of {of})",
    },
    "fallback": {
        "zh": "抱歉，我暂时没有找到这个问题的答案。您可以换个说法再问一次，或者联系人工客服。",
        "en": "Sorry, I have no answer to that yet. Please try other words, or ask for a person.",
    },
    "question_empty": {"zh": "请输入您的问题。", "en": "Please type a question."},
    "handoff": {
        "zh": "好的，正在为您转接人工客服，请稍候。",
        "en": "All right, I am handing you over to a colleague; one moment please.",
    },
    "handoff_unanswered": {
        "zh": "抱歉，我暂时没有找到这个问题的答案，正在为您转接人工客服，请稍候。",
        "en": "Sorry, I have no answer to that yet; I am handing you over to a colleague, one moment please.",
    },
    "handoff_unreachable": {
        "zh": "我无法直接为您转接人工客服，请通过本站公布的联系方式联系我们。",
        "en": "I cannot connect you to a person myself; please use the contact details that are given on this site.",
    },
    "missed_again": {
        "zh": "抱歉，我还是没有找到答案，建议您联系人工客服。",
        "en": "Sorry, I still have no answer; a person can help you better.",
    },
    "none_of_these": {
        "zh": "好的，这些都不是您要问的。请换个说法再说一次，我再找找。",
        "en": "All right, none of these. Please say it in other words and I will look again.",
    },
    "prompts": {"zh": "您可能还想问：", "en": "You may also want to know:"},
    "choice_out_of_range": {"zh": "请从下面的选项中选择：", "en": "Please choose one of these:"},
    "unavailable": {
        "zh": "服务暂时不可用，请稍后再试。",
        "en": "The service is not available right now, please try again later.",
    },
}


def message(name: str, language: MessageLanguage) -> str:
    """One of our own sentences."""
    return _MESSAGES[name][language]


def language_of(text: str, default: MessageLanguage) -> str:
    """Guess a text's language by its script: `zh`, `ja`, `ko`, `en` for Latin letters, else the default.

    Short questions hold too little for a statistical guess, and the script decides between the languages that most
    installations serve.
    """
    scripts = {_script(character) for character in text if character.isalpha()}
    if scripts & {"HIRAGANA", "KATAKANA"}:
        return "ja"
    if "HANGUL" in scripts:
        return "ko"
    if "CJK" in scripts:
        return "zh"
    return "en" if "LATIN" in scripts else default


@lru_cache(10_000)
def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]


def message_language(language: str, default: MessageLanguage) -> MessageLanguage:
    """The language of ours that serves a reader of `language` best."""
    if language.lower().startswith("zh"):
        return "zh"
    return "en" if language else default
