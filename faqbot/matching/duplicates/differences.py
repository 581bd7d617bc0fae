"""What makes two otherwise similar questions ask different things.

Sentence vectors put "open an account" beside "close an account" and "gold card" beside "platinum card", because such
questions come from the same customers. So where two questions differ in a number, in a word and its opposite, in what
is changed into what, or in whether they ask who, where, when or what it costs, they are different, however near they
lie. Where one part of an otherwise equal sentence is replaced, by a synonym or by something else, that speaks against
them, and how nearly the rest of the evidence makes them one question decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from faqbot.matching.model.character_view import fold

# One of a pair in one question and the other one in the other.
_OPPOSITES = """
开通 关闭|开通 取消|打开 关闭|开启 关闭|启用 停用|启用 禁用|开立 注销|开户 销户|注册 注销|绑定 解绑|挂失 解挂
冻结 解冻|锁定 解锁|增加 减少|提高 降低|上调 下调|升级 降级|买 卖|存 取|借 还|入住 退房|转入 转出|充值 提现
收入 支出|登录 退出|登录 注册|订阅 退订|收货 发货|上架 下架|起飞 降落|去程 返程|国内 国际|成人 儿童|申请 取消
申请 撤销|预约 取消|报名 取消|取消 删除|开始 结束|最早 最晚|最多 最少|最高 最低|添加 删除|休学 复学|托运 随身
个人 企业|线上 线下|投保 退保|报装 报修|安装 拆除|开门 关门|导入 导出|上传 下载|上班 下班|早餐 晚餐|早餐 午餐
午餐 晚餐|月卡 年卡|借记卡 信用卡|本科 研究生|单人 双人|单程 往返|公开 隐藏|获得 兑换|获得 使用|修改 查询
下单 发货|找回 修改
open close|enable disable|activate deactivate|lock unlock|block unblock|freeze unfreeze|add remove|add delete
import export|send receive|send request|upload download|increase decrease|upgrade downgrade|raise lower
start end|start stop|first last|on off|before after|deposit withdraw|buy sell|borrow return|check-in check-out
minimum maximum|earliest latest|breakfast dinner|breakfast lunch|lunch dinner|single double|debit credit
subscribe unsubscribe|hide show|install uninstall|book cancel|renew cancel|adult child|mute unmute
follow unfollow|connect disconnect|android iphone|email postal|arrival departure|domestic international
monthly yearly|free paid|create delete|join leave|accept refuse|accept decline|public private|link unlink
login logout|pin password
"""
# Words that a question can be asked with or without.
_CHINESE_FRAME = """
怎么样 怎么办 怎么 怎样 如何 什么 哪里 哪儿 哪 吗 呢 啊 的 了 在 是 我 你 们 想 要 能不能 可不可以 可以 能 没
有 会 一下 请问 去 办 多少 多长时间 多久 几 行 个 被 把 给 那 这 到 时候 应该 需要 得
"""
_ENGLISH_FRAME = """
a an the is are was were do does did can could will would should may i you we my your our me us it its of to
in on at for by with from and or if how what where when which who there this that any some be been am have has
had get got need want please possible way ways
"""
_TOKEN = re.compile(r"[a-z]+(?:-[a-z]+)?|\d+(?:\.\d+)?|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ENDING = re.compile(r"(?:ing|ed|es|s|e)$")
_WHY = re.compile(r"为什么|为何|\bwhy\b")
# Who, where, when, what it costs: a question that asks for one of them does not ask for another.
_ASKED = (
    re.compile(r"谁|什么人|哪些人|\bwho\b"),
    re.compile(r"哪里|哪儿|在哪|去哪|到哪|\bwhere\b"),
    re.compile(r"什么时候|几点|何时|多久|多长时间|几天|\bwhen\b|\bhow (?:long|soon|early)\b|\bwhat time\b"),
    re.compile(
        r"多少钱|收费|费用|价格|\bhow much (?:is|are|does|do|will)\b|\bcosts?\b|\bprice\b|\bfees?\b|\bcharged?\b"
    ),
)
_EXCHANGE = re.compile(r"[换兑]|\bfrom\b.*\b(?:to|into)\b|\binto\b")
# From this share of equal words on, what differs is the point of the question.
_SAME_FRAME = 0.5


def ask_different_things(a: str, b: str) -> bool:
    """Whether two questions differ in a number, in opposites, in what they ask for, or in an order."""
    a, b = fold(a), fold(b)
    return (
        numbers_of(a) != numbers_of(b)
        or bool(_WHY.search(a)) != bool(_WHY.search(b))
        or _ask_for_another(a, b)
        or _opposite(a, b)
        or _exchanged(a, b)
    )


def differ_in_one_part(a: str, b: str) -> bool:
    """Whether one part of two questions is replaced and the rest of what carries meaning, half or more, is equal."""
    return _one_part_replaced(_content(fold(a)), _content(fold(b)))


def numbers_of(text: str) -> frozenset[str]:
    """The numbers that a text names in digits."""
    return frozenset(_NUMBER.findall(text))


def _ask_for_another(a: str, b: str) -> bool:
    of_a, of_b = ({place for place, words in enumerate(_ASKED) if words.search(text)} for text in (a, b))
    return bool(of_a) and bool(of_b) and not of_a & of_b


def _opposite(a: str, b: str) -> bool:
    words = {_stem(word) for word in _TOKEN.findall(a)}, {_stem(word) for word in _TOKEN.findall(b)}
    for pair in _opposites():
        of_a, of_b = words if pair[0].isascii() else (a, b)
        for one, other in (pair, pair[::-1]):
            # Only one of the questions has the other word: "withdraw a request" is not "request".
            if (one in of_a and other in of_b and other not in of_a) or (
                one in of_b and other in of_a and other not in of_b
            ):
                return True
    return False


def _exchanged(a: str, b: str) -> bool:
    """Whether the same words stand in another order around an exchange: A into B, B into A."""
    one, other = _content(a), _content(b)
    return bool(_EXCHANGE.search(a)) and one != other and sorted(one) == sorted(other)


def _one_part_replaced(a: Sequence[str], b: Sequence[str]) -> bool:
    shortest = min(len(a), len(b))
    start = next((place for place in range(shortest) if a[place] != b[place]), shortest)
    end = next((place for place in range(shortest - start) if a[-1 - place] != b[-1 - place]), shortest - start)
    replaced = len(a) > start + end and len(b) > start + end
    return replaced and start + end >= _SAME_FRAME * max(len(a), len(b))


def _content(text: str) -> list[str]:
    """Stems of the words that carry meaning; Chinese, Japanese and Korean by character."""
    found: list[str] = []
    for token in _TOKEN.findall(text):
        if token.isascii():
            found += [] if token in _english_frame() else [_stem(token)]
        else:
            found += [character for part in _chinese_frame().split(token) for character in part]
    return found


def _stem(word: str) -> str:
    return _ENDING.sub("", word) if len(word) > 3 else word


@cache
def _opposites() -> tuple[tuple[str, str], ...]:
    pairs = [pair.split() for line in _OPPOSITES.split("\n") for pair in line.split("|") if pair]
    return tuple((_stem(one), _stem(other)) for one, other in pairs)


@cache
def _english_frame() -> frozenset[str]:
    return frozenset(_ENGLISH_FRAME.split())


@cache
def _chinese_frame() -> re.Pattern[str]:
    return re.compile("|".join(_CHINESE_FRAME.split()))
