"""Every setting: name, type, default and help, in one place.

`config.yaml` holds the same sections; an environment variable `FAQBOT_<SECTION>__<NAME>` overrides it,
for example `FAQBOT_STORAGE__DATABASE_URL`. `FAQBOT_CONFIG` names another file. Secrets of channels are taken from the
environment only; API keys live, hashed, in the database.
"""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import SecretStr, ValidationError

from faqbot.errors import SettingsError
from faqbot.language import _
from faqbot.settings.answering import ConversationSettings, EncoderSettings, MatchingSettings
from faqbot.settings.channels import ChannelsSettings
from faqbot.settings.faults import explain
from faqbot.settings.file import read_settings_file
from faqbot.settings.section import Section
from faqbot.settings.serving import BackupSettings, JobSettings, LimitsSettings, StorageSettings, WebSettings

__all__ = [
    "SECRETS",
    "BackupSettings",
    "ChannelsSettings",
    "ConversationSettings",
    "EncoderSettings",
    "JobSettings",
    "LimitsSettings",
    "MatchingSettings",
    "Settings",
    "StorageSettings",
    "WebSettings",
    "load_settings",
]

_PREFIX = "FAQBOT_"


class Settings(Section):
    """All sections."""

    encoder: EncoderSettings = EncoderSettings()
    matching: MatchingSettings = MatchingSettings()
    storage: StorageSettings = StorageSettings()
    backup: BackupSettings = BackupSettings()
    jobs: JobSettings = JobSettings()
    web: WebSettings = WebSettings()
    limits: LimitsSettings = LimitsSettings()
    conversation: ConversationSettings = ConversationSettings()
    channels: ChannelsSettings = ChannelsSettings()


SECRETS = frozenset(
    f"{section}.{name}"
    for section in Settings.model_fields
    for name, field in type(getattr(Settings(), section)).model_fields.items()
    if field.annotation == SecretStr | None
)
"""Settings that may stand in the environment only, as `section.name`."""


def load_settings(path: Path | str | None = None, environ: dict[str, str] | None = None) -> Settings:
    """Read `config.yaml` and the environment.

    Args:
        path: The file; unset: `FAQBOT_CONFIG`, else `config.yaml` in the current folder where there is one.
        environ: Stands in for `os.environ`.

    Raises:
        UnknownSetting: A section or name is not one of ours.
        SettingsError: The file is missing though named, is no YAML, or a value is out of its range.
    """
    environ = dict(os.environ) if environ is None else environ
    values = read_settings_file(path or environ.get("FAQBOT_CONFIG") or None, SECRETS)
    for name, text in environ.items():
        if name.startswith(_PREFIX) and "__" in name:
            section, _separator, key = name[len(_PREFIX) :].lower().partition("__")
            part = values.setdefault(section, {})
            if not isinstance(part, dict):
                raise SettingsError(_("Section '{section}' must hold names and values.", section=section))
            part[key] = None if text == "" else text
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        section = str(first["loc"][0])
        known = Settings.model_fields if len(first["loc"]) == 1 else _section_fields(section)
        raise explain(first, known, SECRETS) from None


def _section_fields(section: str) -> list[str]:
    return list(type(getattr(Settings(), section)).model_fields)
