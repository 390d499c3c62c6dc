"""Columns that several classes share: OCSF objects, flattened."""

from __future__ import annotations

from noroshi.model.column import Column, address, boolean, integer, text


def process(path: str, whose: str) -> tuple[Column, ...]:
    """Columns of an OCSF ``process`` object."""
    return (
        text(f"{path}.uid", f"{whose}: id unique over time, e.g. the Sysmon process GUID."),
        integer(f"{path}.pid", f"{whose}: process id."),
        text(f"{path}.name", f"{whose}: file name of the image."),
        text(f"{path}.file.path", f"{whose}: full path of the image."),
        text(f"{path}.cmd_line", f"{whose}: command line as recorded."),
    )


def hashes(path: str, whose: str) -> tuple[Column, ...]:
    """Digests of a file, lower-case hex."""
    return (
        text(f"{path}.md5", f"{whose}: MD5."),
        text(f"{path}.sha1", f"{whose}: SHA-1."),
        text(f"{path}.sha256", f"{whose}: SHA-256."),
        text(f"{path}.imphash", f"{whose}: import hash of a Windows executable."),
    )


def file(path: str, whose: str) -> tuple[Column, ...]:
    """Columns of an OCSF ``file`` object."""
    return (
        text(f"{path}.path", f"{whose}: full path."),
        text(f"{path}.name", f"{whose}: name without folders."),
        integer(f"{path}.size", f"{whose}: size in bytes."),
        text(f"{path}.mime_type", f"{whose}: MIME type."),
        *hashes(f"{path}.hashes", whose),
    )


def user(path: str, whose: str) -> tuple[Column, ...]:
    """Columns of an OCSF ``user`` object."""
    return (
        text(f"{path}.name", f"{whose}: account name without its domain."),
        text(f"{path}.domain", f"{whose}: domain or realm."),
        text(f"{path}.uid", f"{whose}: SID, UID or cloud id."),
    )


def endpoint(path: str, whose: str) -> tuple[Column, ...]:
    """Columns of an OCSF ``network_endpoint`` object."""
    return (
        *address(f"{path}.ip", f"{whose}: address."),
        integer(f"{path}.port", f"{whose}: port."),
        text(f"{path}.hostname", f"{whose}: host name or domain."),
        text(f"{path}.mac", f"{whose}: hardware address."),
    )


ENDPOINTS: tuple[Column, ...] = (
    *endpoint("src_endpoint", "Initiator"),
    *endpoint("dst_endpoint", "Responder"),
)

CONNECTION: tuple[Column, ...] = (
    *ENDPOINTS,
    text("connection_info.uid", "Connection id that other records of the sensor share."),
    text("connection_info.protocol_name", "Transport protocol, lower case: tcp, udp, icmp."),
    text("connection_info.direction", "Direction as the source tells it: outbound, inbound."),
    text("app_name", "Application protocol or service, lower case."),
    integer("traffic.bytes_out", "Bytes from initiator to responder."),
    integer("traffic.bytes_in", "Bytes from responder to initiator."),
    integer("traffic.packets_out", "Packets from initiator to responder."),
    integer("traffic.packets_in", "Packets from responder to initiator."),
    integer("duration", "Duration in microseconds."),
    boolean("is_alert", "The source itself called it suspicious or blocked it."),
    text("disposition", "What the device did: allowed, blocked, dropped; the source's word."),
)
"""Columns of everything that is seen on a network."""

ACTOR_PROCESS: tuple[Column, ...] = process("actor.process", "Process that acted")
