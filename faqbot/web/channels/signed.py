"""What doors have in common whose callers sign: the secret, the clock, the raw body."""

from __future__ import annotations

from pydantic import SecretStr

from faqbot.errors import ChannelOff
from faqbot.web.current import settings


def secret_of(setting: str) -> str:
    """A secret of the section `channels`.

    Raises:
        ChannelOff: It is not set, so nobody can sign; the sentence names the variable.
    """
    value: SecretStr | None = getattr(settings().channels, setting)
    if value is None:
        raise ChannelOff(f"This channel has no secret yet: set FAQBOT_CHANNELS__{setting.upper()} in the environment.")
    return value.get_secret_value()
