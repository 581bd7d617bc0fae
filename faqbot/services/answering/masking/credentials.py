"""Keys, tokens and passwords."""

from __future__ import annotations

import re
from collections.abc import Iterator

# By what they begin with: our own keys, JSON Web Tokens, and those of services that customers use.
_MADE = re.compile(
    r"faqbot_[a-z]{2,12}_[A-Za-z0-9_-]{6,200}"
    r"|eyJ[A-Za-z0-9_-]{6,2000}(?:\.[A-Za-z0-9_-]{0,2000}){0,4}"
    r"|(?<![A-Za-z0-9])(?:sk|pk|rk)[-_](?:live[-_]|test[-_]|proj[-_]|ant[-_])?[A-Za-z0-9_-]{12,200}"
    r"|(?<![A-Za-z0-9])(?:gh[pousr]_|github_pat_|glpat-|hf_|npm_|pypi-|xox[abeprs]-|ya29\.|AIza|AKIA|ASIA|LTAI|shpat_|SG\.)[A-Za-z0-9_.-]{10,250}"
    r"|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,5000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?"
    r"|(?<=://)[^\s/@:]{1,100}:[^\s/@]{1,100}(?=@)",
    re.IGNORECASE,
)
_COPULA = r"(?:is|was|as|ist|lautet|es|est|é|è)(?![A-Za-z])|это|は|는|은|为|是|就是|设置?为|设成|改成|改为|变成|叫做?"
_JOINT = rf"(?:[\"'`\s]{{0,3}}(?:[:=>|]|{_COPULA})){{1,2}}[\"'`“”「\s(\[]{{0,4}}"
_PASSWORDS = (
    r"(?:password|passwd|passphrase|passcode|pass ?word|pwd|passwort|kennwort|contraseña|clave|mot de passe|senha"
    r"|palavra-passe|wachtwoord|lösenord|hasło|şifre|parola|kata sandi|mật khẩu"
    r"|密[码碼]|口令|パスワード|비밀번호|암호|пароль|كلمة المرور|รหัสผ่าน)"
)
_KEYS = (
    r"(?:(?:api|app|access|secret|private|client|auth|account|licen[cs]e"
    r"|webhook|signing|refresh|session|bearer)[ _-]?(?:key(?:[ _-]?secret)?|token|secret|id(?= ?[:=]))"
    r"|(?:php|j)?session(?:id)?(?= ?=)|(?<=[?&])(?:code|key|auth|sig|signature|sid)(?==)"
    r"|apikey|token|secret|authorization|密钥|秘钥|令牌|口令|接口密钥|私钥)(?: ?(?:key|token|id|value))?"
)
# Values in Latin and Cyrillic letters. Right behind a Chinese word one may stand without anything between.
_PASSWORD = re.compile(
    rf"{_PASSWORDS}(?P<joint>{_JOINT}|[\s\"'`]{{1,3}}|(?<=[码碼令]))(?P<value>[!-~\u00c0-\u052f]{{3,200}})",
    re.IGNORECASE,
)
# More words than one, in quotes.
_PHRASE = re.compile(
    rf"{_PASSWORDS}(?:{_JOINT}|\s{{0,3}}[\"'“「])(?<=[\"'“「])(?P<value>[^\"'“”「」\n]{{3,200}})[\"'”」]", re.IGNORECASE
)
_KEY = re.compile(rf"(?<![A-Za-z]){_KEYS}(?P<joint>{_JOINT}|[\s\"'`]{{1,3}})(?P<value>[!-~]{{3,2000}})", re.IGNORECASE)
_SCHEME = re.compile(
    r"(?<![A-Za-z])(?:Bearer|Basic|Token|Digest|ApiKey|EndpointKey)[\s:=\"']{1,3}(?P<value>[A-Za-z0-9._~+/=-]{6,2000})",
    re.IGNORECASE,
)
# What is said of a password rather than being one.
_SAID = re.compile(
    r"a|an|the|not|no|never|too|very|still|also|always|my|your|our|what|which|that|this|"
    r"there|it|in|on|at|to|by|for|from|with|about|wrong|incorrect|invalid|right|correct|"
    r"expired|lost|forgotten|changed|reset|required|needed|necessary|weak|strong|short|long|locked|"
    r"blocked|rejected|refused|denied|accepted|empty|missing|same|different|unknown|old|new|saved|"
    r"stored|safe|secure|sent|hidden|visible|case|being|been|only|just|already|now|then|and|or|"
    r"but|if|when|after|before|because|longer|asked|set|used|kept|known|recommended|mandatory|"
    r"optional|case-sensitive|sensitive|compromised|stolen|leaked|disabled|working|broken|simple|"
    r"expiring|valid|shown|displayed|printed|written|confidential|private|encrypted|hashed|protected",
    re.IGNORECASE,
)
_CLOSING = ".,;!?\"'`)]"


def credentials(text: str) -> Iterator[tuple[int, int]]:
    """Where keys, tokens and passwords stand, in order, without overlap."""
    end = 0
    for start, stop in sorted({*_made(text), *_passwords(text), *_keys(text)}):
        if stop > end:
            yield max(start, end), stop
            end = stop


def _made(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _MADE.finditer(text))


def _passwords(text: str) -> Iterator[tuple[int, int]]:
    yield from (found.span("value") for found in _PHRASE.finditer(text))
    for found in _PASSWORD.finditer(text):
        value = found["value"].rstrip(_CLOSING)
        joint = found["joint"].strip(" \"'`")
        if not value or value.startswith("["):
            continue
        looks_made = _looks_made(value) and any(map(str.isalpha, value))
        if any(sign in joint for sign in ":=>|"):
            hidden = len(value) >= 3
        elif joint:
            hidden = looks_made or (value.isdigit() and len(value) >= 4) or _is_told(text, found, value)
        else:
            hidden = looks_made and any(map(str.isdigit, value)) and len(value) >= 5
        if hidden:
            yield found.start("value"), found.start("value") + len(value)


def _is_told(text: str, found: re.Match[str], value: str) -> bool:
    """A plain word: my password is swordfish."""
    after = text[found.start("value") + len(value) :][:40].lstrip()
    ends = (
        not after or after[0] in ".,;!，。；！" or after.split(maxsplit=1)[0].lower() in ("and", "but", "please", "so")
    )
    chinese = any(sign in found["joint"] for sign in "是为成叫")
    return len(value) >= 4 and not _SAID.fullmatch(value) and (chinese or (ends and value.isalpha()))


def _keys(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_KEY, _SCHEME):
        for found in pattern.finditer(text):
            value = found["value"].rstrip(_CLOSING)
            assigned = "=" in found.groupdict().get("joint", "") and not _SAID.fullmatch(value)
            if value and not value.startswith("[") and (assigned or _is_key(value)):
                yield found.start("value"), found.start("value") + len(value)


def _is_key(value: str) -> bool:
    """Chance has written it: with a digit or of a length that no word has."""
    return (
        len(value) >= 20
        or (len(value) >= 6 and any(map(str.isdigit, value)) and not value.replace(".", "").isdigit())
        or (len(value) >= 10 and _looks_made(value) and not value.istitle())
    )


def _looks_made(value: str) -> bool:
    """With a digit, a sign or a capital inside, as no word of a sentence has them."""
    has_sign = any(not c.isalpha() and c not in "'-/" for c in value)
    return has_sign or (value[1:] != value[1:].lower() and not value.isupper())
