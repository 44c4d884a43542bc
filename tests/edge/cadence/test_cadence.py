"""The table of cadences and the limits drawn from it."""

import re

import pytest

from edge.cadence.cadence import find_profile, known_cadences, profile_names
from protocol.rings_by_time import CONTINUOUS

ROWS = {
    "CN": {"1/4"},
    "CN long distance": {"1/2"},
    "CN intra-Centrex": {"0.4/0.2/0.4/4"},
    "US CA": {"2/4"},
    "UK": {"0.4/0.2/0.4/2"},
    "AU NZ IN SG ZA": {"0.4/0.2/0.4/2"},
    "DE CH DK NO CZ PL IT NL GR EE LT BG RU BR VE ID PH MO": {"1/4"},
    "TH": {"1/4", "1/5"},
    "FI": {"1/4"},
    "FR": {"1.5/3.5"},
    "ES": {"1.5/3"},
    "AT SE PT": {"1/5"},
    "BE IL CL": {"1/3"},
    "HU": {"1.25/3.75"},
    "JP": {"1/2"},
    "TW": {"1/4", "1/2"},
    "MX TR PA": {"2/4"},
    "AR": {"1/4.5"},
    "AE": {"1.5/4", "0.4/0.2/0.4/2"},
    "MY": {"2/4", "0.4/0.2/0.4/2"},
    "CR": {"1.2/4.8"},
    "dr2": {"0.8/0.4/0.8/4"},
    "dr3": {"0.4/0.2/0.4/0.2/0.8/4"},
    "dr4": {"0.3/0.2/1/0.2/0.3/4"},
    "EN 300 001 FI 3": {"1/3", "1/4"},
    "Huawei six-segment": {"0.4/0.2/0.4/0.2/0.4/2.6"},
    "Panasonic KX-TA824": {"1.3/2.6", "1.3/3.9", "1.3/5.2"},
    "NEC NEAX2000": {"2/4", "0.4/0.2/0.4/2", "1/5", "1/2"},
}
ONE_NAME = {
    "CN long distance",
    "CN intra-Centrex",
    "EN 300 001 FI 3",
    "Huawei six-segment",
    "Panasonic KX-TA824",
    "NEC NEAX2000",
}


@pytest.mark.parametrize("row", ROWS)
def test_every_row_of_the_table_is_a_profile(row: str) -> None:
    for name in [row] if row in ONE_NAME else row.split():
        assert {cadence.text for cadence in find_profile(name).cadences} == ROWS[row]
        assert find_profile(name.lower()).cadences == find_profile(name).cadences


def test_every_cadence_names_its_source_and_a_frequency_of_ringing_current() -> None:
    for cadence in known_cadences():
        assert cadence.source
        assert all(15.0 <= hz <= 68.0 for hz in cadence.ring_hz)
        assert len(cadence.cycle_s) % 2 == len(cadence.once_s) % 2 == 0


@pytest.mark.parametrize("name", [name for name in profile_names() if name != CONTINUOUS])
def test_the_limits_separate_rings_from_the_bursts_of_one_ring(name: str) -> None:
    profile = find_profile(name)
    inner_s = [
        pause for cadence in profile.cadences for pause in (*cadence.cycle_s[1:-1:2], *cadence.once_s[1::2])
    ]
    assert max(inner_s, default=0.0) * 1.1 < profile.new_ring_gap_s
    stretched_pauses_s = [cadence.pause_s * cadence.scale[0] * 0.9 - 0.2 for cadence in profile.cadences]
    assert profile.new_ring_gap_s <= 1.0 < min(stretched_pauses_s)
    if name != "auto":
        assert profile.silence_s > profile.longest_pause_s * 1.1


def test_auto_waits_8_s_and_most_profiles_6_before_ringing_is_over() -> None:
    assert find_profile("auto").silence_s == 8.0
    assert find_profile("DE").silence_s == 6.0
    assert find_profile("Panasonic 1:4").silence_s > 5.2 * 1.54 * 1.1


def test_a_cadence_may_be_written_out() -> None:
    profile = find_profile("1.2/0.3/0.5/3.8")
    assert profile.cadences[0].cycle_s == (1.2, 0.3, 0.5, 3.8)
    assert find_profile(" .4 / .2 / .4 / 2. ").cadences[0].cycle_s == (0.4, 0.2, 0.4, 2.0)


@pytest.mark.parametrize("text", ["0.55/0.55/0.55/2.85", "1/0.6/1/1.2", "1/0.6", "0.3/1.2/0.3/4"])
def test_the_limit_between_two_rings_lies_between_the_pauses_of_the_cadence(text: str) -> None:
    profile = find_profile(text)
    (cadence,) = profile.cadences
    assert cadence.inner_pause_s < profile.new_ring_gap_s < cadence.pause_s


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Gremany", "is unknown"),
        ("dr9", "nearest: dr4, dr3, dr2"),
        ("1/4/2", "pairs of on and off seconds"),
        ("1/0", "above 0"),
        ("550/550/550/2850", "look like milliseconds"),
        ("0.4/2/0.4/0.2", "between rings"),
        ("0.4/2/0.4/2", "begin with the first burst of a ring, and end with the longest pause"),
        ("0.05/4", "a burst shorter than 0.1 s"),
    ],
)
def test_an_impossible_cadence_is_refused_with_what_is_wrong(name: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        find_profile(name)
