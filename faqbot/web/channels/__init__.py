"""The doors for other programs, one file per protocol, each under the name of the setting that switches it."""

from __future__ import annotations

from faqbot.web.channels import azure, chatwoot, deep_chat, lark, openai, rasa, slack, webhook, wecom

BLUEPRINTS = (
    rasa.blueprint,
    deep_chat.blueprint,
    azure.blueprint,
    openai.blueprint,
    webhook.blueprint,
    chatwoot.blueprint,
    slack.blueprint,
    lark.blueprint,
    wecom.blueprint,
)
NAMES = frozenset(blueprint.name for blueprint in BLUEPRINTS)
"""Names of the channels: of their blueprints, their settings and their lines in the access table."""
