from __future__ import annotations

import contextlib
import dataclasses
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import SettingsError
from searchapp.settings import FILE, Settings, held


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


def test_what_counts_more_wins(tmp_path: Path) -> None:
    user, beside = tmp_path / "user.toml", tmp_path / FILE
    user.write_text('title = "user"\nhost = "user"\nport = 1\n', encoding="utf-8")
    beside.write_text('title = "beside"\nhost = "beside"\n', encoding="utf-8")
    found = held(tmp_path / "index", {"SEARCHAPP_CONFIG": str(user), "SEARCHAPP_TITLE": "variable"})
    assert (found.settings.title, found.settings.host, found.settings.port) == ("variable", "beside", 1)
    assert found.origins["title"] == "SEARCHAPP_TITLE"
    assert found.origins["host"] == str(beside)
    assert found.origins["port"] == str(user)
    assert found.origins["ledger"] == ""
    assert found.files == (beside, user)


def test_paths_in_a_file_are_found_from_its_folder(tmp_path: Path) -> None:
    user = tmp_path / "user.toml"
    user.write_text('index = "news/index"\nledger = "/names.toml"\n', encoding="utf-8")
    settings = held("", {"SEARCHAPP_CONFIG": str(user)}).settings
    assert settings.index == str(tmp_path / "news" / "index")
    assert Path(settings.ledger) == Path("/names.toml")


def test_an_address_has_no_file_beside_it(tmp_path: Path) -> None:
    user = tmp_path / "user.toml"
    user.write_text('index = "http://host/x"\n', encoding="utf-8")
    found = held("", {"SEARCHAPP_CONFIG": str(user)})
    assert (found.settings.index, found.files) == ("http://host/x", (user,))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"port = 'x'", "sets port to 'x'; set it to a number such as 8080"),
        (b"port = true", "sets port to True"),
        (b"port = 0", "a number above 0"),
        (b"port = 1.5", "sets port to 1.5"),
        (b"title = 3", "a text in quotation marks"),
        (b"lock_timeout_s = nan", "a number above 0"),
        (b"Port = 3", "there is no setting 'Port'"),
        (b"zzz = 3", "there are index, title"),
        (b"[port]", "sets port to {}"),
        (b"port", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"title = 'a\0b'", "cannot be read"),
    ],
)
def test_a_fault_of_a_file_names_the_file(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        held(tmp_path / "index", {})
    assert said in str(caught.value)
    assert FILE in str(caught.value)


def test_a_folder_in_place_of_the_file_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        held(tmp_path / "index", {})


def test_a_file_that_is_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="where no file is"):
        held("", {"SEARCHAPP_CONFIG": str(tmp_path / "none.toml")})


@given(st.binary(max_size=60))
def test_any_file_gives_usable_settings_or_a_clear_error(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, FILE)
        path.write_bytes(content)
        with contextlib.suppress(SettingsError):
            assert held(Path(folder, "index"), {"SEARCHAPP_CONFIG": str(path)}).settings.port > 0
