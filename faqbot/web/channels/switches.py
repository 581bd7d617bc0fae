"""Channels that are switched off."""

from __future__ import annotations

from flask import Flask, request

from faqbot.errors import ChannelOff
from faqbot.language import _
from faqbot.web.channels import NAMES
from faqbot.web.current import settings


def register(app: Flask) -> None:
    """Look at every request before its key is looked at."""
    app.before_request(check_switch)


def check_switch() -> None:
    """Refuse a request to a channel that is off.

    Raises:
        ChannelOff: The sentence names the setting.
    """
    name = request.blueprint
    if name in NAMES and not getattr(settings().channels, str(name)):
        raise ChannelOff(_("This channel is switched off; the setting `channels.{name}` switches it on.", name=name))
