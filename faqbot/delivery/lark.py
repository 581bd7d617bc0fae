"""Answering in Feishu and Lark."""

from __future__ import annotations

from faqbot.channels.messengers import lark
from faqbot.channels.messengers.lark import Incoming
from faqbot.delivery.access_tokens import AccessToken
from faqbot.delivery.asking import reply_or_sentence
from faqbot.delivery.vendor_api import Json, VendorApi
from faqbot.errors import VendorFailed
from faqbot.language import _
from faqbot.services.answering.answering import AnswerService
from faqbot.services.values.messages import MessageLanguage
from faqbot.services.values.origin import Origin


class LarkBot:
    """One app of Feishu or Lark."""

    def __init__(self, url: str, app_id: str, app_secret: str, language: MessageLanguage) -> None:
        """Bind the open platform's address and the app; `language` where a text does not tell."""
        self._api = VendorApi(url)
        self._app = {"app_id": app_id, "app_secret": app_secret}
        self._token = AccessToken(self._new_token)
        self._language = language

    def respond(self, incoming: Incoming, answering: AnswerService, origin: Origin) -> None:
        """Reply to a message.

        Raises:
            VendorFailed: Lark did not take the reply.
        """
        reply = reply_or_sentence(incoming.text, origin, answering, self._language)
        headers = {"Authorization": f"Bearer {self._token.value()}"}
        path = f"/open-apis/im/v1/messages/{incoming.message}/reply"
        _check(self._api.post(path, lark.reply_message(reply, incoming), headers))

    def _new_token(self) -> tuple[str, float]:
        answered = self._api.post("/open-apis/auth/v3/tenant_access_token/internal", dict(self._app))
        _check(answered)
        return str(answered.get("tenant_access_token", "")), float(answered.get("expire", 0))


def _check(answered: Json) -> None:
    if answered.get("code") != 0:
        raise VendorFailed(
            _("Lark refused: {code} {reason}.", code=answered.get("code"), reason=answered.get("msg", ""))
        )
