"""Fields that came to a message after its release."""

from protocol.decoding import decode
from protocol.measurements import Later, Message


class Released(Message):
    width_m: float


class Grown(Released):
    height_m: Later[float] = None


def test_a_field_that_came_later_is_left_out_while_absent() -> None:
    assert Grown(width_m=1.0).model_dump_json() == Released(width_m=1.0).model_dump_json()
    assert Grown(width_m=1.0, height_m=2.0).model_dump_json() == '{"width_m":1.0,"height_m":2.0}'


def test_a_message_from_before_it_came_is_understood() -> None:
    assert decode(Grown, b'{"width_m":1.0}') == Grown(width_m=1.0)
    assert decode(Grown, b'{"width_m":1.0,"height_m":2.0}').height_m == 2.0


def test_its_schema_does_not_require_it() -> None:
    for mode in ("validation", "serialization"):
        assert Grown.model_json_schema(mode=mode)["required"] == ["width_m"]
