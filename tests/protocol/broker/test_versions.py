from paho.mqtt.client import MQTTv5, MQTTv311

from protocol.broker.versions import TURNED_AWAY, Versions


def test_a_broker_without_mqtt_5_is_spoken_to_in_3_at_the_next_try() -> None:
    versions = Versions("auto")
    versions.turned_away()
    assert versions.current == MQTTv311


def test_a_broker_that_restarts_is_not_taken_for_one_without_mqtt_5() -> None:
    versions = Versions("auto")
    versions.accepted()
    for _ in range(TURNED_AWAY - 1):
        versions.turned_away()
        assert versions.current == MQTTv5
    versions.turned_away()
    assert versions.current == MQTTv311


def test_a_version_that_is_named_is_kept_to() -> None:
    versions = Versions("3.1.1")
    for _ in range(9):
        versions.turned_away()
    assert versions.current == MQTTv311
