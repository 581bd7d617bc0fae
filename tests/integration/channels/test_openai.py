"""OpenAI's own Python client."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import openai
import pytest

from faqbot.encoder import Encoder
from tests.integration.channels.served import Served
from tests.integration.web.shop import REFUND_ANSWER


@pytest.fixture
def client(door: Served) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{door.url}/v1", api_key=door.key(), max_retries=0) as opened:
        yield opened


def test_the_last_user_message_is_answered(client: openai.OpenAI) -> None:
    done = client.chat.completions.create(
        model="faqbot",
        messages=[
            {"role": "system", "content": "You are helpful."},
            {"role": "user", "content": "多久发货？"},
            {"role": "assistant", "content": "48 小时内发货。"},
            {"role": "user", "content": [{"type": "text", "text": "如何申请退款？"}]},
        ],
        temperature=0.2,
    )
    [choice] = done.choices
    assert (choice.message.role, choice.message.content, choice.finish_reason) == ("assistant", REFUND_ANSWER, "stop")
    assert (done.model, done.usage and done.usage.total_tokens) == ("faqbot", 0)


def test_suggestions_are_a_numbered_list(client: openai.OpenAI) -> None:
    done = client.chat.completions.create(model="faqbot", messages=[{"role": "user", "content": "退钱"}])
    assert done.choices[0].message.content == "您是不是想问：\n1. 如何申请退款？\n2. 退款多久到账？"


def test_a_stream_ends_with_its_reason_and_with_usage_where_it_was_asked_for(client: openai.OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(
            model="faqbot",
            messages=[{"role": "user", "content": "多久发货？"}],
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == "48 小时内发货。"
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert (chunks[-1].choices, chunks[-1].usage and chunks[-1].usage.total_tokens) == ([], 0)
    assert len({chunk.id for chunk in chunks}) == 1


def test_embeddings_are_the_encoders_dense_vectors_in_either_format(door: Served, compact_encoder: Encoder) -> None:
    texts = ["退款多久到账？", "refund"]
    expected = np.array([one.dense for one in compact_encoder.encode(texts)])
    with openai.OpenAI(base_url=f"{door.url}/v1", api_key=door.shop.keys["agent"], max_retries=0) as client:
        # Without a format the client asks for base64 by itself.
        packed = client.embeddings.create(model="compact", input=texts)
        plain = client.embeddings.create(model="compact", input=texts[0], encoding_format="float")
    np.testing.assert_allclose([one.embedding for one in packed.data], expected, atol=1e-5)
    np.testing.assert_allclose(plain.data[0].embedding, expected[0], atol=1e-5)
    assert [one.index for one in packed.data] == [0, 1]
    # `refund` is two tokens with its start and end three; the Chinese question has more.
    assert packed.usage.total_tokens > plain.usage.total_tokens > 3


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"input": []}, "0 texts"),
        ({"input": ["a"] * 129}, "129 texts"),
        ({"input": "长" * 8001}, "8001 characters"),
        ({"input": "  "}, "empty"),
        ({"input": [[1, 2]]}, "input"),
        ({"dimensions": 8}, "dimensions"),
        ({"encoding_format": "int8"}, "encoding_format"),
    ],
)
def test_what_cannot_be_encoded_is_refused_in_openais_shape(
    door: Served, change: dict[str, object], sentence: str
) -> None:
    response = door.shop.client("agent").post("/v1/embeddings", json={"model": "compact", "input": "a", **change})
    assert (response.status_code, response.get_json()["error"]["type"]) == (400, "invalid_request_error")
    assert sentence in response.get_json()["error"]["message"]


def test_models_are_listed_and_none_stands_in_for_another(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["faqbot", "compact"]
    assert client.models.retrieve("compact").id == "compact"
    with pytest.raises(openai.NotFoundError, match="no model 'gpt-4o' here; there is faqbot, compact"):
        client.models.retrieve("gpt-4o")
    with pytest.raises(openai.NotFoundError) as refused:
        client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "退钱"}])
    assert (refused.value.code, refused.value.param) == ("model_not_found", "model")


def test_the_client_understands_why_it_is_refused(door: Served, client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="empty"):
        client.chat.completions.create(model="faqbot", messages=[{"role": "user", "content": " "}])
    with pytest.raises(openai.BadRequestError, match="messages"):
        client.chat.completions.create(model="faqbot", messages=[])
    # Encoding costs more than asking and serves no customer: it needs a key of role `agent`.
    with pytest.raises(openai.PermissionDeniedError, match="agent"):
        client.embeddings.create(model="compact", input="退钱")
    with (
        openai.OpenAI(base_url=f"{door.url}/v1", api_key="guess", max_retries=0) as stranger,
        pytest.raises(openai.AuthenticationError, match="not known"),
    ):
        stranger.chat.completions.create(model="faqbot", messages=[{"role": "user", "content": "退钱"}])
