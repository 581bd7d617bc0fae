"""The file of settings, as YAML holds it."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

import yaml

from faqbot.errors import SettingsError
from faqbot.language import Text, _

# In C where it can be had, as every command waits for it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_settings_file(named: Path | str | None, secrets: Container[str]) -> dict[str, object]:
    """Read the sections of a file.

    Args:
        named: The file; unset: `config.yaml` in the current folder, where there is one.
        secrets: Settings, as `section.name`, that may stand in the environment only.

    Raises:
        SettingsError: The file is missing though named, is no YAML, or holds a secret.
    """
    path = Path(named) if named else Path("config.yaml")
    if not path.is_file():
        if named:
            raise SettingsError(_("There is no settings file {path}; check --config or FAQBOT_CONFIG.", path=path))
        return {}
    try:
        values = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - one of the two safe ones
    except yaml.MarkedYAMLError as error:
        raise SettingsError(_unreadable(path, error.problem_mark)) from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise SettingsError(_("{path} holds characters that are no text; save it as UTF-8.", path=path)) from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise SettingsError(_("{path} must hold sections such as 'encoder:' and 'web:'.", path=path))
    sections = {str(name): ({} if part is None else part) for name, part in values.items()}
    for section, part in sections.items():
        for name in part if isinstance(part, dict) else ():
            if f"{section}.{name}" in secrets:
                raise SettingsError(
                    _(
                        "{path} holds '{section}.{name}', a secret: remove it, and set {variable} in the environment.",
                        path=path,
                        section=section,
                        name=name,
                        variable=f"FAQBOT_{section}__{name}".upper(),
                    )
                )
    return sections


def _unreadable(path: Path, mark: yaml.Mark | None) -> Text:
    if mark is None:
        return _("{path} is not valid YAML; compare it with the config.yaml that came with faqbot.", path=path)
    return _(
        "{path} is not valid YAML at line {line}, column {column}; "
        "compare it with the config.yaml that came with faqbot.",
        path=path,
        line=mark.line + 1,
        column=mark.column + 1,
    )
