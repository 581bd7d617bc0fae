"""Whatever other programs send, each protocol's reader takes it, lets it pass, or refuses it with an error of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faqbot.channels import deep_chat, openai, rasa, signatures, webhook
from faqbot.channels.messengers import chatwoot, lark, slack, wecom
from faqbot.channels.question_answering import azure_cqa, qna_maker
from faqbot.errors import BadSignature
from tests.fuzz.mutations import EXAMPLES, mutated, outcome

# A message that each reader takes.
SAMPLES: Mapping[str, tuple[Callable[[Any], object], Any]] = {
    "rasa": (rasa.read_message, {"sender": "s", "message": "m"}),
    "deep-chat": (deep_chat.read_message, {"messages": [{"role": "user", "text": "t"}], "session_id": "s"}),
    "webhook": (webhook.read_message, {"message_id": "1", "question": "q", "top": 3, "filters": {"tag": ["a"]}}),
    "openai chat": (
        openai.read_chat,
        {"model": "faqbot", "messages": [{"role": "user", "content": [{"type": "text", "text": "t"}]}], "user": "u"},
    ),
    "openai embeddings": (
        lambda body: openai.read_embedding(body, "compact", 384),
        {"model": "compact", "input": ["t"], "encoding_format": "float", "dimensions": 384},
    ),
    "azure": (
        azure_cqa.read_query,
        {
            "question": "q",
            "top": 3,
            "userId": "u",
            "confidenceScoreThreshold": 0.2,
            "filters": {"metadataFilter": {"metadata": [{"key": "k", "value": "v"}], "logicalOperation": "OR"}},
        },
    ),
    "qna maker": (
        qna_maker.read_query,
        {"question": "q", "qnaId": "7", "top": 3, "scoreThreshold": 20, "strictFilters": [{"name": "n", "value": "v"}]},
    ),
    "chatwoot": (
        chatwoot.read_event,
        {
            "event": "message_created",
            "message_type": "incoming",
            "id": 3,
            "content": "c",
            "conversation": {"id": 2, "status": "pending"},
            "account": {"id": 1},
        },
    ),
    "chatwoot choice": (
        chatwoot.read_event,
        {
            "event": "message_updated",
            "content_type": "input_select",
            "id": 3,
            "content_attributes": {"submitted_values": [{"value": "v"}]},
            "conversation": {"id": 2, "status": "pending"},
            "account": {"id": 1},
        },
    ),
    "slack": (
        slack.read_event,
        {
            "type": "event_callback",
            "event_id": "e",
            "event": {
                "type": "app_mention",
                "channel": "c",
                "ts": "1",
                "thread_ts": "2",
                "user": "u",
                "text": "<@U> t",
            },
        },
    ),
    "slack choice": (
        slack.read_choice,
        {
            "type": "block_actions",
            "trigger_id": "t",
            "actions": [{"value": "v"}],
            "container": {"channel_id": "c", "thread_ts": "1"},
            "user": {"id": "u"},
        },
    ),
    "slack challenge": (slack.read_challenge, {"type": "url_verification", "challenge": "c"}),
    "lark": (
        lambda body: lark.read_event(body) if isinstance(body, dict) else None,
        {
            "header": {"event_type": "im.message.receive_v1", "event_id": "e"},
            "event": {
                "sender": {"sender_type": "user", "sender_id": {"open_id": "o"}},
                "message": {
                    "message_id": "m",
                    "chat_id": "c",
                    "chat_type": "group",
                    "message_type": "text",
                    "content": '{"text": "@_1 t"}',
                    "mentions": [{"key": "@_1"}],
                },
            },
        },
    ),
    "wecom fetched": (
        lambda body: wecom.read_fetched(body, 1000.0) if isinstance(body, dict) else None,
        {
            "origin": 3,
            "msgtype": "text",
            "send_time": 999,
            "msgid": "m",
            "external_userid": "u",
            "open_kfid": "k",
            "text": {"content": "c"},
        },
    ),
}
ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, 2**63, 0, -1, 1.5, 1e308])
    | st.text(max_size=5)
    | st.sampled_from(
        ["x" * 100_000, "{" * 5000, "[" * 5000, '{"text": 5}', '{"text": [1]}', "5", "null", '{"text": "\\ud800"}']
    ),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
XML = (
    b"<xml><ToUserName>a</ToUserName><FromUserName><![CDATA[u]]></FromUserName><CreateTime>1</CreateTime>"
    b"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[c]]></Content><MsgId>1</MsgId><Encrypt>e</Encrypt></xml>"
)
TEXT = st.text(max_size=30) | st.sampled_from(
    ["9" * 5000, "１２", "-1", "1e9", "\ud800", "\u00ff", "v1=x", "sha256=", "\0"]
)


@st.composite
def _odd(draw: st.DrawFn, sound: Any) -> Any:
    """The message with one of its values, however deep, replaced, or left out."""
    if not isinstance(sound, dict | list) or not sound or draw(st.integers(0, 5)) == 0:
        return draw(ODD)
    changed = sound.copy()
    place = draw(st.sampled_from(sorted(sound) if isinstance(sound, dict) else range(len(sound))))
    if draw(st.integers(0, 9)) == 0:
        del changed[place]
    else:
        changed[place] = draw(_odd(sound[place]))
    return changed


@pytest.mark.parametrize("protocol", SAMPLES)
def test_any_message_is_read_let_pass_or_refused(protocol: str) -> None:
    read, sound = SAMPLES[protocol]
    assert read(sound)

    @EXAMPLES
    @given(_odd(sound))
    def check(body: Any) -> None:
        outcome(lambda: read(body))

    check()


@EXAMPLES
@given(mutated([XML]) | st.binary(max_size=200))
def test_any_bytes_for_wecom_are_a_message_or_refused(data: bytes) -> None:
    outcome(lambda: wecom.sealed_part(data))
    outcome(lambda: wecom.read_callback(data.decode("utf-8", "replace")))


@EXAMPLES
@given(TEXT, TEXT, TEXT, st.binary(max_size=50))
def test_no_signature_that_is_made_up_is_right(timestamp: str, nonce: str, signature: str, body: bytes) -> None:
    for stated in (timestamp, "1000"):
        _refuse(stated, nonce, signature, body)


def _refuse(timestamp: str, nonce: str, signature: str, body: bytes) -> None:
    now = 1000.0
    seal = wecom.Seal("token", "k" * 43, "corp", signature, timestamp, nonce)
    doors: tuple[Callable[[], object], ...] = (
        lambda: signatures.check_signature("secret", timestamp, signature, body, now),
        lambda: slack.check_signature("secret", timestamp, signature, body, now),
        lambda: lark.check_signature("secret", timestamp, nonce, signature, body, now),
        lambda: seal.open(body.decode("latin-1"), now),
        lambda: lark.decrypt("secret", {"encrypt": signature}),
    )
    for door in doors:
        with pytest.raises(BadSignature):
            door()
    assert webhook.signature_report("secret", timestamp, signature, body, now)["ok"] is False
