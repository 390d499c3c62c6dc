"""Events asked for by kind, and the seconds that logs share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from noroshi.drill.clock import MIDNIGHT, SECOND, Seconds, local, utc
from noroshi.drill.event import Event
from noroshi.drill.observe.kinds import ByKind
from noroshi.drill.observe.town import TOWN


def test_each_sensor_is_shown_its_own_kinds_in_the_order_of_time(events: Sequence[Event]) -> None:
    by_kind = ByKind(events)
    for sensor in TOWN:
        plain = [event for event in events if type(event) in sensor.kinds]
        assert list(map(id, by_kind.of(sensor.kinds))) == list(map(id, plain)), sensor.name
    assert by_kind.of(()) is events


def test_seconds_are_right_on_both_sides_of_midnight_and_are_not_all_kept() -> None:
    ours, theirs = Seconds(lambda day: f"{day} "), Seconds(lambda day: f"{day} ", UTC)
    midnight = MIDNIGHT // SECOND
    for second in (*range(midnight - 2, midnight + 3), midnight + 9 * 3600, midnight):
        assert ours[second] == f"{local(second * SECOND):%Y-%m-%d %H:%M:%S}"
        assert theirs[second] == f"{utc(second * SECOND):%Y-%m-%d %H:%M:%S}"
    for second in range(midnight, midnight + 100_000):
        assert ours[second]
    assert len(ours) <= 20_000
