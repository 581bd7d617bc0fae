"""Codes that were sent to somebody, and numbers of papers, behind the words that announce them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from faqbot.services.answering.masking.numbers import without_words
from faqbot.services.answering.masking.plain import plain

_KIND = (
    r"verification|verify|security|one[- ]?time|confirmation|login|log-in|sign-in|sms"
    r"|authentication|authorization|access|2fa|mfa"
)
_SURE = (
    r"(?:验证|驗證|认证|認證|认証|認証|校验|校驗|动态|動態|确认|確認|短信|安全|识别|登录|授权|取件|提货)[码碼]|动态口令|密[码碼]|口令"
    r"|(?:認証|认証|认证|確認)(?:コ[ー-]ド|番号)|인증 ?(?:번호|코드)|확인 ?코드"
    r"|код[а-я]{0,2} (?:подтверждения|проверки|доступа)|c[oó]digo de (?:verificaci[oó]n|verificação|confirmación"
    r"|confirmação|seguridad|segurança|acceso)|code (?:de vérification|de verification|de confirmation|de sécurité)"
    r"|(?:bestätigungs|verifizierungs|sicherheits|prüf)code|codice di (?:verifica|conferma|sicurezza)|doğrulama kodu"
    r"|mã xác (?:minh|nhận|thực)"
    rf"|(?<![a-z])(?:otp|pin|passcode|password|cvv2?|cvc2?|(?:{_KIND})[ -](?:code|number|pin|password|token))(?![a-z])"
)
_WORD = re.compile(rf"(?:{_SURE}|(?<![a-z])code(?![a-z])|暗码|码是|码为|码:)", re.IGNORECASE)
_SURE_WORD = re.compile(_SURE, re.IGNORECASE)
# Up to so many other characters between the word and the code.
_GAP = re.compile(r"[^\d\n;?!]{0,18}")
_DIGITS = re.compile(r"\d(?:[^\w\n%,;:?!]{0,3}\d|_\d){2,9}")
_LETTERED = re.compile(r"(?=[A-Z]{0,7}\d)(?=\d{0,7}[A-Z])[A-Z0-9]{4,8}(?![A-Za-z0-9])", re.ASCII)
_FIRST = re.compile(r"\d(?:[ -]?\d){3,7}(?!\d)")
_FOLLOWS = re.compile(
    r"[\"' ]{0,2}(?:is|was|as|是|为|作为|这个)? ?(?:my|the|your|our|a|我的|我|你们?的?|这个|收到的)? ?(?:\w{1,12} )?"
    rf"(?:{_SURE}|(?<=my )code|(?<=the )code)",
    re.IGNORECASE,
)
_JOINING = re.compile(
    r"is|was|are|it|s|my|the|your|i|got|get|received|have|has|you|sent|me|which|that|this|below|number|no|nr|here|gave"
    r"|是|为|叫|就是|我的|你的|是我的|我收到的是|收到的是|收到|我收到|发的是|如下|号|号码|输入|填|输|显示",
    re.IGNORECASE,
)
_OTHER_CODE = re.compile(
    r"(?:error|zip|postal|post|area|country|discount|promo\w{0,7}|coupon|voucher|product|item|status|bar|qr|dress|source|"
    r"fault|exit|http|colou?r|dial\w{0,5}|model|article|order|gift|response|错误|邮政|区号|优惠|折扣)[- ]?$",
    re.IGNORECASE,
)
_OTHER_NUMBER = re.compile(
    r" ?(?:errors?|错误|分钟|秒|小时|天|年|位|元|块|次"
    r"|minutes?|seconds?|hours?|days?|digits?|times|people|characters?|[kmg]b\b)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_PAPER = re.compile(
    r"(?:passport|护照|身份证|证件|驾照|驾驶证|通行证|identity card|id card|national insurance|social security"
    r"|\bssn|\bnino|driv\w{2,4} licen[cs]e|tax id)(?:号码|号|编号| number| no\.?| id)?(?:[ :=#]|是|为|is){0,6}",
    re.IGNORECASE,
)
_PAPER_NUMBER = re.compile(r"[A-Za-z]{0,6}[ -]?\d(?:[ -]?[A-Za-z]?\d){3,16}(?:[ -]?[A-Za-z](?![A-Za-z]))?", re.ASCII)


def codes(text: str) -> Iterator[tuple[int, int]]:
    """Where codes stand, in order, without overlap."""
    shadow = plain(text)
    end = 0
    for start, stop in sorted({*_announced(text, shadow), *_said_first(shadow)}):
        if start >= end:
            yield start, stop
            end = stop


def _announced(text: str, shadow: str) -> Iterator[tuple[int, int]]:
    for word in _WORD.finditer(shadow):
        gap = _GAP.match(shadow, word.end())
        assert gap is not None, "a gap may be empty"  # noqa: S101
        sure = bool(_SURE_WORD.fullmatch(word[0]))
        joined = all(_JOINING.fullmatch(part) for part in re.findall(r"[^\W\d_]+", gap[0]))
        if sure and (lettered := _lettered(shadow, word.end())):
            yield lettered
        digits = _DIGITS.match(shadow, gap.end())
        if digits is None or (not sure and _OTHER_CODE.search(shadow, max(0, word.start() - 16), word.start())):
            continue
        start, end = without_words(text, *digits.span())
        if _is_code(shadow[start:end], shadow[end : end + 12], sure=sure, joined=joined):
            yield start, end


def _is_code(run: str, after: str, *, sure: bool, joined: bool) -> bool:
    count = sum(map(str.isdigit, run))
    if _OTHER_NUMBER.match(after):
        return False
    if joined:
        return (3 if sure else 4) <= count <= 10
    return (count == 6 or (sure and 4 <= count <= 8)) and not _YEAR.fullmatch(run)


def _lettered(shadow: str, place: int) -> tuple[int, int] | None:
    """A7K9Q2 right behind the word."""
    joint = re.compile(r"(?:[ :=#\"'\[(-]|is |是|为){0,4}").match(shadow, place)
    found = joint and _LETTERED.match(shadow, joint.end())
    return found.span() if found else None


def _said_first(shadow: str) -> Iterator[tuple[int, int]]:
    """483920 is my code."""
    for digits in _FIRST.finditer(shadow):
        if _FOLLOWS.match(shadow, digits.end()) and not _YEAR.fullmatch(digits[0]):
            yield digits.span()


def papers(text: str) -> Iterator[tuple[int, int]]:
    """Where numbers of passports and the like stand, in order: they have letters too."""
    shadow = plain(text)
    for word in _PAPER.finditer(shadow):
        if found := _PAPER_NUMBER.match(shadow, word.end()):
            yield found.span()
