from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.topics import BadTopicError, Channel, Topic, every_device, parse_topic
from tests.worlds.messages import DEVICES


@given(DEVICES, st.sampled_from(get_args(Channel)))
def test_a_topic_comes_back_as_it_was_written(device: str, channel: Channel) -> None:
    topic = Topic(device, channel)
    assert parse_topic(str(topic)) == topic


@given(st.text(max_size=40) | st.text(alphabet="deskside/1-+#event", max_size=40))
def test_any_text_is_a_topic_of_ours_or_refused(text: str) -> None:
    try:
        topic = parse_topic(text)
    except BadTopicError:
        return
    assert str(topic) == text


@pytest.mark.parametrize(
    "topic",
    [
        "deskside/2/desk-3/event",
        "deskside/1/desk-3/picture",
        "deskside/1/desk-3",
        "deskside/1/desk-3/event/x",
        "deskside/1/desk.3/event",
        "deskside/1/+/event",
        "deskside/1/desk-3/event\n",
    ],
)
def test_what_is_not_ours_is_refused(topic: str) -> None:
    with pytest.raises(BadTopicError):
        parse_topic(topic)


@pytest.mark.parametrize("device", ["", "+", "#", "desk/3", "Desk", "-desk", "desk-", "d" * 64, "desk\n"])
def test_a_device_name_cannot_reach_beyond_its_level(device: str) -> None:
    with pytest.raises(BadTopicError):
        Topic(device, "event")


def test_the_central_service_listens_to_a_channel_of_all_desks() -> None:
    assert every_device("birth") == "deskside/1/+/birth"
