"""What actions change, and for how long."""

from __future__ import annotations

from noroshi.drill.action import Action, ActionKind, Defences


def test_isolation_holds_until_the_host_is_reconnected() -> None:
    defences = Defences(
        [
            Action(30, ActionKind.RECONNECT_HOST, "pc001"),
            Action(10, ActionKind.ISOLATE_HOST, "PC001"),
        ]
    )
    assert [defences.isolated("PC001", time) for time in (9, 10, 29, 30)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert not defences.isolated("PC002", 20)


def test_a_host_that_is_off_is_off_the_network_too() -> None:
    defences = Defences([Action(10, ActionKind.SHUT_DOWN_HOST, "FS01")])
    assert defences.isolated("FS01", 11)
    assert defences.off("FS01", 11)


def test_blocking_a_domain_blocks_the_names_below_it() -> None:
    defences = Defences([Action(10, ActionKind.BLOCK, "evil.example")])
    assert defences.blocked("c2.evil.example", 10)
    assert defences.blocked("EVIL.example", 10)
    assert not defences.blocked("notevil.example", 10)
    assert not defences.blocked("c2.evil.example", 9)


def test_a_password_reset_counts_between_two_moments() -> None:
    defences = Defences([Action(10, ActionKind.RESET_PASSWORD, "y.sato")])
    assert defences.reset("y.sato", 5, 10)
    assert not defences.reset("y.sato", 10, 20)
