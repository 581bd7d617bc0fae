from __future__ import annotations

from pathlib import Path

import pytest

from faqbot.errors import SettingsError, UnknownSetting
from faqbot.language import translated
from faqbot.settings import Settings, load_settings


def test_environment_overrides_the_file(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text("web:\n  port: 8000\n  threads: 3\n", encoding="utf-8")
    settings = load_settings(file, {"FAQBOT_WEB__PORT": "9000"})
    assert (settings.web.port, settings.web.threads) == (9000, 3)


def test_config_file_can_be_named_by_environment(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text("web:\n  port: 8001\n", encoding="utf-8")
    assert load_settings(None, {"FAQBOT_CONFIG": str(file)}).web.port == 8001


def test_questions_wait_for_the_model_where_their_number_is_bounded_and_not_for_a_thread() -> None:
    settings = Settings()
    assert settings.web.threads >= settings.encoder.queue_size + settings.encoder.batch_size


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("web:\n  prot: 1\n", "web.prot"),
        ("wbe:\n  port: 1\n", "wbe"),
        ("matching:\n  treshold: 1\n", "matching.treshold"),
    ],
)
def test_an_unknown_name_is_refused_with_the_known_ones(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "c.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UnknownSetting, match=f"'{named}'; known here: "):
        load_settings(file, {})


def test_a_secret_is_taken_from_the_environment_and_refused_in_the_file(tmp_path: Path) -> None:
    secret = "sixteen letters at least"
    settings = load_settings(None, {"FAQBOT_CHANNELS__WEBHOOK_SECRET": secret})
    assert settings.channels.webhook_secret
    assert settings.channels.webhook_secret.get_secret_value() == secret
    assert secret not in repr(settings)
    file = tmp_path / "c.yaml"
    file.write_text(f"channels:\n  webhook_secret: {secret}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="remove it, and set FAQBOT_CHANNELS__WEBHOOK_SECRET") as refused:
        load_settings(file, {})
    assert secret not in str(refused.value)


def test_a_secret_that_is_too_short_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingsError, match=r"channels\.webhook_secret.*at least 16") as refused:
        load_settings(None, {"FAQBOT_CHANNELS__WEBHOOK_SECRET": "hunter2"})
    assert "hunter2" not in str(refused.value)


def test_an_unknown_environment_variable_of_ours_is_refused() -> None:
    with pytest.raises(UnknownSetting, match=r"web\.prot"):
        load_settings(None, {"FAQBOT_WEB__PROT": "1"})


def test_variables_without_a_section_are_not_settings() -> None:
    assert load_settings(None, {"FAQBOT_ENV": "/somewhere"}).web.port == 7860


@pytest.mark.parametrize("value", ["0", "70000", "many"])
def test_a_value_out_of_range_names_the_setting(value: str) -> None:
    with pytest.raises(SettingsError, match=r"web\.port"):
        load_settings(None, {"FAQBOT_WEB__PORT": value})


def test_a_target_of_zero_or_one_is_kept() -> None:
    for value in (0.0, 1.0):
        assert load_settings(None, {"FAQBOT_MATCHING__TARGET_PRECISION": str(value)}).matching.target_precision == value


@pytest.mark.parametrize(
    ("name", "value", "english", "chinese"),
    [
        ("WEB__PORT", "70000", "is '70000'; it must be 65535 or less", "的值是 '70000'；必须不大于 65535"),
        ("WEB__PORT", "many", "it must be a whole number", "必须是整数"),
        (
            "MATCHING__MODE",
            "fast",
            "it must be one of 'dense', 'sparse', 'colbert', 'hybrid'",
            "必须是 'dense', 'sparse'",
        ),
        ("MATCHING__TARGET_PRECISION", "-1", "it must be 0.0 or more", "必须不小于 0.0"),
        ("LIMITS__PER_KEY", "often", "it must look like `120/minute`", "必须写成 `120/minute`"),
        ("STORAGE__STARTER", "perhaps", "it must be true or false", "必须是 true 或 false"),
        ("ENCODER__DEVICE", "tpu", "it must have the form", "必须符合格式"),
        ("STORAGE__DATABASE_URL", "", "it must be text", "必须是文本"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_in_our_own_words(
    name: str, value: str, english: str, chinese: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(None, {f"FAQBOT_{name}": value})
    assert english in str(refused.value)
    assert chinese in translated(refused.value.message, "zh")


@pytest.mark.parametrize("text", ["a: [", "- 1", "just words"])
def test_a_file_that_is_no_settings_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "c.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError):
        load_settings(file, {})


def test_a_named_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no settings file"):
        load_settings(tmp_path / "none.yaml", {})
