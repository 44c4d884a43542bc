"""central.toml."""

from pathlib import Path

import pytest

from central.settings import CentralSettings, Database
from protocol.shipped import STANDARDS
from protocol.standards_folder import find_standard, standard_names
from protocol.toml_file import BadFileError, load
from tests.worlds.delivery.mosquitto import PROJECT


def test_the_example_is_good() -> None:
    settings = load(PROJECT / "firmware_config" / "central.toml", CentralSettings)
    assert settings.database.url == "sqlite:////var/lib/deskside-central/central.db"


def test_every_error_is_told_at_once_with_its_key(tmp_path: Path) -> None:
    file = tmp_path / "central.toml"
    file.write_text(
        '[broker]\nport = 0\nca_file = "x"\n[registry]\ntimezone = "Mars"\n[databas]\nurl = "x"\n'
    )
    with pytest.raises(BadFileError) as told:
        load(file, CentralSettings)
    for key in ("broker.port", "registry.timezone", "database"):
        assert key in str(told.value)


@pytest.mark.parametrize("name", ["", "../../etc", "/etc", "Mars/Olympus"])
def test_a_time_zone_has_an_iana_name(name: str) -> None:
    with pytest.raises(ValueError, match="IANA"):
        CentralSettings.model_validate({"registry": {"timezone": name}})


def test_a_password_is_not_shown() -> None:
    url = "postgresql+psycopg://deskside:secret@db.example/deskside"
    assert "secret" not in Database(url=url).shown_url
    assert Database(url="sqlite:///a.db").shown_url == "sqlite:///a.db"


def test_every_standard_in_the_folder_is_named_as_its_file() -> None:
    assert len(standard_names(STANDARDS)) >= 2
    for name in standard_names(STANDARDS):
        assert find_standard(name, STANDARDS).name == name
