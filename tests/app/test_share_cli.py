"""``noroshi share`` as an operator uses it, TLS included."""

from __future__ import annotations

import base64
import datetime
import http.client
import io
import ipaddress
import json
import os
import re
import signal
import ssl
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn", reason="the extra 'service' is not installed")

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from noroshi.app.cli import main
from noroshi.share.taxii.media import TAXII_2_1


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert main(["share", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_collections_and_members(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ("--home", str(tmp_path))
    made = answer(capsys, "collection", "add", "towns", "--title", "For every town", *at)
    assert answer(capsys, "collection", "list", *at) == [{**made, "description": ""}]
    assert main(["share", "collection", "add", "towns", *at]) == 1
    assert "already" in capsys.readouterr().err
    assert main(["share", "collection", "add", "No good", *at]) == 1
    added = answer(capsys, "user", "add", "saida", "--tlp", "green", "--read", "towns", *at)
    assert (added["tlp"], added["token"]) == ("TLP:GREEN", f"saida.{added['secret']}")
    assert answer(capsys, "user", "list", *at) == [
        {"name": "saida", "tlp": "TLP:GREEN", "reads": ["towns"], "writes": [],
         "defines_markings": False}
    ]  # fmt: skip
    assert added["secret"] not in (tmp_path / "knowledge.sqlite").read_bytes().decode("latin-1")
    assert main(["share", "user", "add", "x", "--tlp", "purple", *at]) == 1
    assert answer(capsys, "user", "remove", "saida", *at) == {"removed": "saida"}
    assert main(["share", "user", "remove", "saida", *at]) == 1
    assert answer(capsys, "user", "list", *at) == []


def test_a_secret_of_ones_own_is_read_and_not_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery staple\n"))
    added = answer(capsys, "user", "add", "saida", "--own-secret", "--home", str(tmp_path))
    assert added == {"name": "saida", "tlp": "TLP:CLEAR"}


def certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for loopback that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    chain, own = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    own.write_bytes(key.private_bytes(serialization.Encoding.PEM,
                                      serialization.PrivateFormat.PKCS8,
                                      serialization.NoEncryption()))  # fmt: skip
    return chain, own


def test_serving_with_tls(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home, (chain, key) = tmp_path / "home", certificate(tmp_path)
    at = ("--home", str(home))
    answer(capsys, "collection", "add", "towns", *at)
    secret = answer(capsys, "user", "add", "saida", "--read", "towns", *at)["secret"]
    command = [sys.executable, "-u", "-m", "noroshi", "share", "serve", "--port", "0", "--lang",
               "en", "--cert", str(chain), "--key", str(key), *at]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            told = process.stdout.readline()
            port = re.search(r"https://127\.0\.0\.1:(\d+)/taxii2/", told)
            assert port, told
            trusting = ssl.create_default_context(cafile=str(chain))
            login = base64.b64encode(f"saida:{secret}".encode()).decode()
            headers = {"Authorization": f"Basic {login}", "Accept": TAXII_2_1}
            where = ("127.0.0.1", int(port[1]))
            with closing(http.client.HTTPSConnection(*where, context=trusting)) as asked:
                asked.request("GET", "/taxii2/", headers=headers)
                got = asked.getresponse()
                assert json.loads(got.read())["api_roots"] == ["/api/"]
                assert got.headers["Strict-Transport-Security"]
            strange = ssl.create_default_context()
            unknown = http.client.HTTPSConnection(*where, context=strange)
            with closing(unknown), pytest.raises(ssl.SSLCertVerificationError):
                unknown.request("GET", "/taxii2/", headers=headers)
            plain = http.client.HTTPConnection(*where)
            with closing(plain), pytest.raises((http.client.HTTPException, ConnectionError)):
                plain.request("GET", "/taxii2/", headers=headers)
                plain.getresponse()
        finally:
            process.send_signal(signal.SIGINT)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--host", "0.0.0.0"], "give --cert and --key"),
        (["--key", "key.pem"], "give the certificate too"),
        (["--cert", "nowhere.pem"], "not a certificate with its key"),
    ],
)
def test_serving_is_refused_with_the_way_out(
    options: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["share", "serve", "--port", "0", "--lang", "en", "--home", str(tmp_path), *options]
    assert main(call) == 1
    assert words in capsys.readouterr().err
