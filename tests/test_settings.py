from __future__ import annotations

import contextlib
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import SettingsError
from searchapp.settings import Settings


def test_without_variables_the_defaults_hold() -> None:
    assert Settings.from_environment({}) == Settings()


def test_every_field_is_also_a_variable() -> None:
    wanted = Settings(
        **{  # type: ignore[arg-type]
            field.name: "elsewhere" if field.type == "str" else 7 if field.type == "int" else 7.5
            for field in dataclasses.fields(Settings)
        }
    )
    variables = {f"SEARCHAPP_{name.upper()}": str(value) for name, value in dataclasses.asdict(wanted).items()}
    assert Settings.from_environment(variables) == wanted


def test_a_blank_variable_counts_as_not_set() -> None:
    assert Settings.from_environment({"SEARCHAPP_PORT": " ", "SEARCHAPP_INDEX": ""}) == Settings()


def test_other_variables_do_not_matter() -> None:
    assert Settings.from_environment({"PORT": "1", "SEARCHAPP_NONSENSE": "x"}) == Settings()


@pytest.mark.parametrize("text", ["many", "1.5", "-3", "0", "8080x"])
def test_an_unusable_number_names_the_variable_and_its_value(text: str) -> None:
    with pytest.raises(SettingsError, match="SEARCHAPP_PORT") as caught:
        Settings.from_environment({"SEARCHAPP_PORT": text})
    assert repr(text) in str(caught.value)


def test_a_time_that_is_no_number_is_refused() -> None:
    with pytest.raises(SettingsError, match="SEARCHAPP_QUERY_TIMEOUT_S"):
        Settings.from_environment({"SEARCHAPP_QUERY_TIMEOUT_S": "nan"})


@given(st.dictionaries(st.sampled_from(["PORT", "LOCK_TIMEOUT_S", "BATCH_ARTICLES", "HOST"]), st.text()))
def test_any_environment_gives_usable_settings_or_a_clear_error(values: dict[str, str]) -> None:
    with contextlib.suppress(SettingsError):
        settings = Settings.from_environment({f"SEARCHAPP_{name}": value for name, value in values.items()})
        assert settings.port > 0
        assert settings.lock_timeout_s > 0
        assert settings.batch_articles > 0
