from __future__ import annotations

import io
from typing import Any

import pytest

from noroshi.collect import BadRecord, Evidence, Record
from noroshi.collect.auditd.group import MAX_OPEN, MAX_RECORDS
from noroshi.collect.auditd.reader import read_auditd
from noroshi.collect.auditd.shapes import event_microseconds
from noroshi.collect.columnise import Bucket, batches

RUN = """\
type=SYSCALL msg=audit(1775007010.200:{n}): arch=c000003e syscall=59 a0=1 pid=7 exe="/bin/ls"
type=EXECVE msg=audit(1775007010.200:{n}): argc=2 a0="ls" a1="-l"
type=CWD msg=audit(1775007010.200:{n}): cwd="/tmp"
type=PATH msg=audit(1775007010.200:{n}): item=0 name="/bin/ls" nametype=NORMAL
type=PATH msg=audit(1775007010.200:{n}): item=1 name="/lib/ld.so" nametype=NORMAL
"""


def read(text: str) -> list[Record | BadRecord]:
    return list(read_auditd(Evidence("x", lambda: io.BytesIO(text.encode()))))


def records(text: str) -> list[Record]:
    return [item for item in read(text) if isinstance(item, Record)]


def row(record: Record) -> dict[str, Any]:
    bucket = Bucket(record.shape)
    bucket.add(record, 0, 0)
    (batch,) = batches(bucket, ["0" * 32])
    found: dict[str, Any] = batch.events.to_pylist()[0]
    return found


def test_records_of_one_event_become_one() -> None:
    (found,) = records(RUN.format(n=1))

    assert found.fields["type"] == ["SYSCALL", "EXECVE", "CWD", "PATH", "PATH"]
    assert (found.fields["a0"], found.fields["a1"]) == ("ls", "-l")
    assert found.fields["syscall_a0"] == "1"
    assert found.fields["name"] == ["/bin/ls", "/lib/ld.so"]
    assert found.fields["SYSCALL"] == "execve"
    assert found.shape.log_source.covers("linux", "auditd", "process_creation")


def test_columns_of_a_process() -> None:
    found = row(records(RUN.format(n=1))[0])

    assert found["time"] == 1_775_007_010_200_000
    assert found["process_cmd_line"] == "ls -l"
    assert (found["process_file_path"], found["process_working_directory"]) == ("/bin/ls", "/tmp")


def test_events_that_run_into_each_other_are_told_apart() -> None:
    lines = [RUN.format(n=number).splitlines() for number in (1, 2)]
    mixed = "\n".join(line for pair in zip(*lines, strict=True) for line in pair)

    found = records(mixed)

    assert [
        len(item.fields["type"]) for item in found if isinstance(item.fields["type"], list)
    ] == [5, 5]


def test_memory_is_bounded() -> None:
    many = records("".join(RUN.format(n=number) for number in range(2 * MAX_OPEN)))
    long = RUN.format(n=1).splitlines()[3] + "\n"

    assert len(many) == 2 * MAX_OPEN
    assert len(records(long * (MAX_RECORDS + 1))) == 2


@pytest.mark.parametrize(
    ("call", "kind", "shape"),
    [
        ("257", "CREATE", "auditd/create"),
        ("257", "NORMAL", "auditd/open"),
        ("87", "DELETE", "auditd/delete"),
        ("90", "NORMAL", "auditd/attributes"),
        ("101", "NORMAL", "auditd/other"),
    ],
)
def test_files_go_by_the_system_call(call: str, kind: str, shape: str) -> None:
    (found,) = records(
        f"type=SYSCALL msg=audit(1.2:3): arch=c000003e syscall={call} success=yes\n"
        'type=CWD msg=audit(1.2:3): cwd="/tmp"\n'
        'type=PATH msg=audit(1.2:3): name="/tmp" nametype=PARENT\n'
        f'type=PATH msg=audit(1.2:3): name="x" nametype={kind}\n'
    )

    assert found.shape.name == shape
    if shape != "auditd/other":
        assert row(found)["file_path"] == "/tmp/x"


def test_a_local_socket_is_no_network() -> None:
    line = "type=SYSCALL msg=audit(1.2:3): arch=c000003e syscall=42 success=yes\n"
    socket = "type=SOCKADDR msg=audit(1.2:3): saddr={}\n"

    assert records(line + socket.format("01002F72756E2F7800"))[0].shape.name == "auditd/other"
    assert records(line + socket.format("02000035CB00712D"))[0].shape.name == "auditd/connect"


def test_a_failed_logon() -> None:
    (found,) = records(
        "type=USER_LOGIN msg=audit(1.2:3): pid=9 uid=0 auid=4294967295 "
        "msg='op=login acct=\"root\" hostname=? addr=192.0.2.7 res=failed'\n"
    )

    values = row(found)

    assert (values["user_name"], values["src_endpoint_ip"]) == ("root", "192.0.2.7")
    assert (values["status_id"], values["actor_user_uid"]) == (2, "0")


def test_a_broken_line_costs_itself() -> None:
    found = read("nonsense\n" + RUN.format(n=1))

    assert [type(item) for item in found] == [BadRecord, Record]


def test_interpreted_time() -> None:
    assert event_microseconds("audit(04/01/2026 01:30:10.200:7)") == 1_775_007_010_200_000
