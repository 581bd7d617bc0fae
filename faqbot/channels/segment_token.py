"""Tokens in which a site says who its customer is: a JSON Web Token that it signs with the secret it shares with us."""

from __future__ import annotations

from faqbot.errors import BadSignature
from faqbot.language import _

LONGEST = 4000
"""Characters of a token at most."""

_LEEWAY_SECONDS = 30


def segments_of(secret: str, token: str) -> tuple[str, ...]:
    """The segments that a token names.

    Args:
        secret: What the site signs with (HS256).
        token: Its claims are `segments`, a list of texts, and `exp`, when it ends.

    Raises:
        BadSignature: It is signed with another secret or not at all, has ended, or lacks one of them.
    """
    # Most installations never see one.
    import jwt

    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            leeway=_LEEWAY_SECONDS,
            options={"require": ["exp", "segments"], "verify_aud": False},
        )
    except jwt.ExpiredSignatureError:
        raise BadSignature(_("The segment token has expired; the site has to make a new one.")) from None
    except jwt.InvalidTokenError:
        raise BadSignature(
            _("The segment token is not signed with this service's secret, or lacks `segments` or `exp`.")
        ) from None
    segments = claims["segments"]
    if not isinstance(segments, list) or not all(isinstance(segment, str) for segment in segments):
        raise BadSignature(_("The segment token's `segments` must be a list of texts."))
    return tuple(segments)
