"""What doors have in common whose callers sign: the secret, the clock, the raw body."""

from __future__ import annotations

from importlib.util import find_spec

from pydantic import SecretStr

from faqbot.errors import ChannelOff
from faqbot.language import _
from faqbot.web.current import settings


def secret_of(setting: str) -> str:
    """A secret of the section `channels`.

    Raises:
        ChannelOff: It is not set, so nobody can sign; the sentence names the variable.
    """
    value: SecretStr | None = getattr(settings().channels, setting)
    if value is None:
        raise ChannelOff(
            _("This channel has no secret yet: set FAQBOT_CHANNELS__{name} in the environment.", name=setting.upper())
        )
    return value.get_secret_value()


def need_library(name: str) -> None:
    """Make sure that a vendor's library is installed.

    Raises:
        ChannelOff: It is not; the sentence says how to install it.
    """
    if find_spec(name) is None:
        raise ChannelOff(_("This channel needs the library {name}: run `pip install 'faqbot[channels]'`.", name=name))
