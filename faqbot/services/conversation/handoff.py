"""Customers who ask for a person (转人工)."""

from __future__ import annotations

import re

from faqbot.knowledge import match_key

# The whole message has to be such a request: "how do I become an agent" and "人工费多少" are questions like any other.
_REQUESTS = re.compile(
    r"(请|麻烦|帮我|给我|我要|我想|我想要|要|能|能不能|可以|可不可以)*"
    r"(转|转接|转到|接|接入|找|叫|换|联系|呼叫)?一?(下|个|位)?(人工|真人|客服|活人)(客服|服务|坐席|座席|专员|人员)?(吧|吗|呢|谢谢)*"
    r"|(please|can|could|i|you|want|need|would|like|me|to|speak|talk|chat|connect|transfer|with|get|a|an|the|real|live)*"
    r"(human|agent|humanagent|liveagent|person|representative|operator|humanbeing)(please|now|thanks)*"
)


def wants_person(text: str) -> bool:
    """Whether a message asks for a person and for nothing else."""
    return _REQUESTS.fullmatch(match_key(text).replace(" ", "")) is not None
