"""Answering in 企业微信 and 微信客服."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import time

from faqbot.channels.messengers import wecom
from faqbot.channels.messengers.wecom import Incoming, Notice
from faqbot.delivery.access_tokens import AccessToken
from faqbot.delivery.asking import reply_or_sentence
from faqbot.delivery.vendor_api import Json, VendorApi
from faqbot.errors import VendorFailed
from faqbot.language import _
from faqbot.services.answering.answering import AnswerService
from faqbot.services.values.messages import MessageLanguage
from faqbot.services.values.origin import Origin

_MOST_FETCHED = 1000


class WecomBot:
    """One app of a company."""

    def __init__(self, url: str, corp_id: str, secret: str, agent_id: int, language: MessageLanguage) -> None:
        """Bind WeCom's address and the app; `language` where a text does not tell."""
        self._api = VendorApi(url)
        self._app = {"corpid": corp_id, "corpsecret": secret}
        self._agent_id = agent_id
        self._language = language
        self._token = AccessToken(self._new_token)
        self._fetching = threading.Lock()
        # In memory only: after a restart everything of the last days is fetched once more, and left out by its ids.
        self._cursors: dict[str, str] = {}

    def respond(self, incoming: Incoming, answering: AnswerService, origin: Origin) -> None:
        """Answer a message, to the app or to an account of 微信客服.

        Raises:
            VendorFailed: WeCom did not take the reply.
        """
        reply = reply_or_sentence(incoming.text, origin, answering, self._language)
        if incoming.account:
            self._call("/cgi-bin/kf/send_msg", wecom.customer_message(reply, incoming))
        else:
            self._call("/cgi-bin/message/send", wecom.app_message(reply, incoming, self._agent_id))

    def fetch(self, notice: Notice, take: Callable[[Incoming], None]) -> None:
        """Fetch what customers wrote and hand over each message.

        Args:
            notice: Says whose messages.
            take: Called with each message that is to be answered, also with those that were fetched before.

        Raises:
            VendorFailed: WeCom did not hand the messages out.
        """
        with self._fetching:
            more = True
            while more:
                asked = {"token": notice.token, "open_kfid": notice.account, "limit": _MOST_FETCHED}
                page = self._call("/cgi-bin/kf/sync_msg", {**asked, "cursor": self._cursors.get(notice.account, "")})
                for message in page.get("msg_list") or []:
                    incoming = wecom.read_fetched(message, time())
                    if incoming is not None:
                        take(incoming)
                cursor = str(page.get("next_cursor") or "")
                more = bool(page.get("has_more")) and cursor != self._cursors.get(notice.account, "")
                self._cursors[notice.account] = cursor

    def _call(self, path: str, body: Json) -> Json:
        return _checked(self._api.post(f"{path}?access_token={self._token.value()}", body))

    def _new_token(self) -> tuple[str, float]:
        answered = _checked(self._api.get("/cgi-bin/gettoken", self._app))
        return str(answered.get("access_token", "")), float(answered.get("expires_in", 0))


def _checked(answered: Json) -> Json:
    if answered.get("errcode") != 0:
        raise VendorFailed(
            _("WeCom refused: {code} {reason}.", code=answered.get("errcode"), reason=answered.get("errmsg", ""))
        )
    return answered
