"""TLS on loopback: a feed's own authority is trusted, an unknown one is not."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from socket import create_server

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.collect.feeds.conftest import Desk, Web, says, serving

from noroshi.lang import render

PEM = serialization.Encoding.PEM


@pytest.fixture(scope="module")
def pems(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    folder = tmp_path_factory.mktemp("ca")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority for tests")])
    now = datetime.datetime.now(datetime.UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(PEM))
    secret.write_bytes(
        key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, secret


@pytest.fixture
def secure(pems: tuple[Path, Path]) -> Iterator[Web]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pems)
    with serving(context) as there:
        yield there


def test_the_feeds_own_authority_is_trusted(
    desk: Desk, secure: Web, pems: tuple[Path, Path]
) -> None:
    secure.said["/x"] = b"198.51.100.1\n"
    desk.add("x", "list", secure("/x"), authorities=str(pems[0]))
    pulled = desk.pull("x", "a secret")
    assert (pulled.outcome, pulled.new) == ("done", 1)
    assert secure.headers[0]["authorization"] == "Bearer a secret"


def test_an_unknown_authority_is_told(desk: Desk, secure: Web) -> None:
    secure.said["/x"] = b"198.51.100.1\n"
    desk.add("x", "list", secure("/x"))
    pulled = desk.pull("x", "a secret")
    assert pulled.outcome == "failed"
    assert "certificate" in render(pulled.told, "en")
    assert secure.asked == []


def test_nothing_leads_from_tls_to_plain_http(
    desk: Desk, secure: Web, web: Web, pems: tuple[Path, Path]
) -> None:
    web.said["/x"] = b"198.51.100.1\n"
    secure.said["/x"] = says(b"", 302, Location=web("/x"))
    desk.add("x", "list", secure("/x"), authorities=str(pems[0]))
    assert "leads away from TLS" in render(desk.pull("x").told, "en")
    assert web.asked == []


def test_a_handshake_that_drips_is_ended(desk: Desk) -> None:
    done = threading.Event()
    with create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            there, _ = listening.accept()
            with there:
                there.recv(4096)
                try:
                    there.sendall(b"\x16\x03\x03\x40\x00")
                    while not done.wait(0.02):
                        there.sendall(b"\x02")
                except OSError:
                    return

        thread = threading.Thread(target=drip)
        thread.start()
        port = listening.getsockname()[1]
        desk.add("x", "list", f"https://127.0.0.1:{port}/x", seconds=1.0)
        pulled = desk.pull("x")
        done.set()
        thread.join()
    assert "no whole answer in" in render(pulled.told, "en")
