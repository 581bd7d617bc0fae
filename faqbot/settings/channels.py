"""The settings of the channels, a section of `faqbot.settings`."""

from __future__ import annotations

from pydantic import Field, SecretStr

from faqbot.settings.section import Section


class ChannelsSettings(Section):
    """The doors for other programs; each can be switched off.

    What they need to know stands behind each switch. Secrets are of the type `SecretStr`: they are taken from the
    environment only, and are never shown.
    """

    rasa: bool = Field(True, description="Rasa's REST channel.")
    deep_chat: bool = Field(True, description="The Deep Chat web component.")
    azure: bool = Field(True, description="Azure's custom question answering and QnA Maker.")
    openai: bool = Field(True, description="OpenAI's chat completions and embeddings.")
    webhook: bool = Field(True, description="Our own signed webhook; it needs the secret below.")
    webhook_secret: SecretStr | None = Field(
        None, min_length=16, description="Secret that senders of the signed webhook sign with; only in the environment."
    )
    chatwoot: bool = Field(True, description="Chatwoot's agent bot; it needs the address and the two secrets below.")
    chatwoot_url: str | None = Field(
        None, pattern=r"^https?://", description="Address of your Chatwoot, such as `https://app.chatwoot.com`."
    )
    chatwoot_secret: SecretStr | None = Field(
        None, min_length=8, description="The agent bot's webhook secret; only in the environment."
    )
    chatwoot_token: SecretStr | None = Field(
        None, min_length=8, description="The agent bot's access token; only in the environment."
    )
    chatwoot_unsigned: bool = Field(
        False,
        description="Accept unsigned webhooks, as Chatwoot sends before 4.11, if they come to the bot's address with"
        " `?token=` followed by the webhook secret.",
    )
    slack: bool = Field(True, description="A Slack app; it needs the two secrets below.")
    slack_url: str = Field("https://slack.com", pattern=r"^https?://", description="Address of Slack's API.")
    slack_signing_secret: SecretStr | None = Field(
        None, min_length=8, description="The app's signing secret; only in the environment."
    )
    slack_token: SecretStr | None = Field(
        None, min_length=8, description="The app's bot token; only in the environment."
    )
    lark: bool = Field(True, description="An app of Feishu (飞书) or Lark; it needs its id and the two secrets below.")
    lark_url: str = Field(
        "https://open.feishu.cn",
        pattern=r"^https?://",
        description="Address of the open platform; Lark's is `https://open.larksuite.com`.",
    )
    lark_app_id: str | None = Field(None, min_length=1, description="The app's id.")
    lark_app_secret: SecretStr | None = Field(
        None, min_length=8, description="The app's secret; only in the environment."
    )
    lark_encrypt_key: SecretStr | None = Field(
        None, min_length=8, description="Key used to encrypt events; only in the environment."
    )
    wecom: bool = Field(
        True, description="An app of 企业微信 (WeCom), or 微信客服; it needs its numbers and the three secrets below."
    )
    wecom_url: str = Field("https://qyapi.weixin.qq.com", pattern=r"^https?://", description="Address of WeCom's API.")
    wecom_corp_id: str | None = Field(None, min_length=1, description="The company's id.")
    wecom_agent_id: int = Field(0, ge=0, description="The app's number (AgentId); not needed for 微信客服.")
    wecom_secret: SecretStr | None = Field(None, min_length=8, description="The app's secret; only in the environment.")
    wecom_token: SecretStr | None = Field(
        None, min_length=3, description="The callback's token; only in the environment."
    )
    wecom_aes_key: SecretStr | None = Field(
        None, min_length=43, max_length=43, description="The callback's EncodingAESKey; only in the environment."
    )
