"""What waits for the database is bounded by number and bytes, and who floods turns away what is his own."""

from hypothesis import given
from hypothesis import strategies as st

from central.ingest.inbox import (
    BATCH,
    BATCH_BYTES,
    CAPACITY_BYTES,
    MOST_SENDERS,
    SHARE_BYTES,
    Inbox,
    RawMessage,
)


def message(sender: str, size: int, number: int = 0) -> RawMessage:
    return RawMessage(f"deskside/1/{sender}/event", bytes(size), float(number))


def emptied(inbox: Inbox) -> list[RawMessage]:
    found: list[RawMessage] = []
    while batch := inbox.next_batch(0.0):
        found += batch
    return found


def test_a_flood_of_long_messages_leaves_room_for_every_other_desk() -> None:
    inbox = Inbox()
    for number in range(5000):
        inbox.put(message("flooder", 60_000, number))
        if number % 25 == 0:
            inbox.put(message(f"desk-{number}", 1300))
    assert inbox.held_bytes <= SHARE_BYTES + 200 * 2000
    assert inbox.turned_away() == {"flooder"}
    assert inbox.turned_away() == set()
    came = emptied(inbox)
    assert len([item for item in came if item.sender != "flooder"]) == 200
    assert inbox.held_bytes == 0


def test_floods_under_many_names_stay_within_the_room() -> None:
    inbox = Inbox()
    for number in range(3000):
        inbox.put(message(f"desk-{number}", 60_000))
    assert inbox.held_bytes <= CAPACITY_BYTES
    assert len(inbox.turned_away()) == MOST_SENDERS


@given(st.lists(st.integers(0, 300_000), max_size=60))
def test_batches_are_bounded_and_bring_everything_in_its_order(sizes: list[int]) -> None:
    inbox = Inbox()
    sent = [message("desk-1" if size % 2 else "desk-2", size, number) for number, size in enumerate(sizes)]
    for item in sent:
        inbox.put(item)
    turned_away = inbox.turned_away()
    came = []
    while batch := inbox.next_batch(0.0):
        assert len(batch) <= BATCH
        assert len(batch) == 1 or sum(item.size for item in batch) <= BATCH_BYTES
        came += batch
    kept = [item for item in sent if item in came]
    assert came == kept
    assert turned_away or kept == sent


def test_whoever_waits_is_woken() -> None:
    inbox = Inbox()
    inbox.wake()
    assert inbox.next_batch(60.0) == []
