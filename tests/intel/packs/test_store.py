"""Packs: what is recognised, signed, replaced and removed; a kill leaves the old or the new one."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.intel.packs.conftest import RULE, tarred, zipped

import noroshi
from noroshi.intel.packs import (
    PackError,
    PackKind,
    PackStore,
    SignatureError,
    sign,
)


def test_upstream_folder_without_manifest(store: PackStore, checkout: Path) -> None:
    pack = store.add(checkout)
    assert pack.name == "sigma"
    assert pack.manifest.version == "2.4.1"
    assert pack.manifest.kind is PackKind.SIGMA_RULES
    assert pack.manifest.licence == "DRL-1.1"
    assert [path.name for path in pack.files(".yml")] == ["a.yml", "b.yml"]
    assert pack.source == str(checkout)
    assert not (pack.folder / ".git").exists()
    assert store.verify("sigma").ok


@pytest.mark.parametrize("suffix", [".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.zst"])
def test_archives_equal_the_folder(
    store: PackStore, checkout: Path, tmp_path: Path, suffix: str
) -> None:
    make = zipped if suffix == ".zip" else tarred
    path = make(checkout, tmp_path / f"sigma-2.4.1{suffix}")
    from_archive = store.add(path, "archive")
    assert from_archive.digest == store.add(checkout, "folder").digest
    assert from_archive.manifest.version == "2.4.1"


@pytest.mark.parametrize("name", ["attack.json", "attack.json.gz"])
def test_attack_bundle(store: PackStore, tmp_path: Path, name: str) -> None:
    bundle = json.dumps({"type": "bundle", "objects": [{"source_name": "mitre-attack"}]}).encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(bundle) if name.endswith("gz") else bundle)
    pack = store.add(path)
    assert (pack.name, pack.manifest.kind) == ("attack", PackKind.ATTACK)


def test_warning_list_checkout(store: PackStore, tmp_path: Path) -> None:
    folder = tmp_path / "misp-warninglists-main"
    (folder / "lists" / "x").mkdir(parents=True)
    (folder / "lists" / "x" / "list.json").write_text('{"name": "x", "list": ["192.0.2.1"]}')
    pack = store.add(folder)
    assert pack.manifest.kind is PackKind.WARNING_LISTS
    assert pack.manifest.content == ("lists",)


def test_unknown_content_is_refused(store: PackStore, tmp_path: Path) -> None:
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "photo.jpg").write_bytes(b"\xff\xd8")
    with pytest.raises(PackError, match=r"holiday.*pack\.yaml|pack\.yaml"):
        store.add(tmp_path / "holiday")
    assert store.list() == ()


@pytest.mark.parametrize(
    "manifest",
    [
        "name: ../up\nversion: '1'\nkind: attack",
        "name: x\nversion: '1'\nkind: nonsense",
        "name: x\nkind: attack",
        "name: x\nversion: '1'\nkind: attack\ncontent: [../../etc]",
        "- a list",
        "{",
        "name: 2026-99-99",
        pytest.param(f"name: {'9' * 5000}", id="number"),
    ],
)
def test_bad_manifests_are_refused(store: PackStore, tmp_path: Path, manifest: str) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "pack.yaml").write_text(manifest)
    with pytest.raises(PackError):
        store.add(tmp_path / "p")
    assert store.list() == ()


def test_verify_names_what_differs(store: PackStore, checkout: Path) -> None:
    pack = store.add(checkout)
    (pack.folder / "rules/windows/a.yml").write_text("other")
    (pack.folder / "rules-emerging-threats/b.yml").unlink()
    (pack.folder / "rules/new.yml").write_text("new")
    found = store.verify("sigma")
    assert found.changed == ("rules/windows/a.yml",)
    assert found.missing == ("rules-emerging-threats/b.yml",)
    assert found.added == ("rules/new.yml",)
    assert not found.ok


def test_remove(store: PackStore, checkout: Path) -> None:
    store.add(checkout)
    store.remove("sigma")
    assert store.list() == ()
    with pytest.raises(PackError, match="no pack 'sigma'"):
        store.remove("sigma")


def test_adding_again_replaces(store: PackStore, checkout: Path) -> None:
    first = store.add(checkout)
    (checkout / "rules/windows/a.yml").unlink()
    second = store.add(checkout)
    assert second.digest != first.digest
    assert [pack.digest for pack in store.list()] == [second.digest]


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def trust(store_folder: Path, key: Ed25519PrivateKey) -> None:
    keys = store_folder.parent / "keys"
    keys.mkdir(parents=True, exist_ok=True)
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (keys / "publisher.pem").write_bytes(pem)


def test_signed_by_a_trusted_key(tmp_path: Path, checkout: Path, key: Ed25519PrivateKey) -> None:
    store = PackStore(tmp_path / "home" / "packs")
    trust(tmp_path / "home" / "packs", key)
    (checkout / ".git" / "HEAD").unlink()
    (checkout / ".git").rmdir()
    sign(checkout, key)
    pack = store.add(checkout)
    assert pack.signer is not None
    assert pack.signer.name == "publisher"
    assert store.verify("sigma").ok
    (checkout / "pack.sig").unlink()
    with pytest.raises(SignatureError, match="this one is not"):
        store.add(checkout)
    (pack.folder / "pack.sig").unlink()
    assert store.verify("sigma").signature == "pack.sig is gone"


def test_wrong_and_foreign_signatures(
    tmp_path: Path, checkout: Path, key: Ed25519PrivateKey
) -> None:
    store = PackStore(tmp_path / "home" / "packs")
    (checkout / ".git" / "HEAD").unlink()
    (checkout / ".git").rmdir()
    sign(checkout, key)
    with pytest.raises(SignatureError, match="not among the trusted keys"):
        store.add(checkout)
    trust(tmp_path / "home" / "packs", key)
    (checkout / "rules/windows/a.yml").write_text(RULE + "# changed on the way\n")
    with pytest.raises(SignatureError, match="does not fit the content"):
        store.add(checkout)
    (checkout / "pack.sig").write_text("garbage")
    with pytest.raises(SignatureError, match="not a signature file"):
        store.add(checkout)
    assert store.list() == ()


def test_unsigned_is_said(store: PackStore, checkout: Path) -> None:
    pack = store.add(checkout)
    assert pack.signer is None
    assert "unsigned" in pack.trust.template


CRASH = """
import os, signal, sys
from pathlib import Path
from noroshi.intel.packs import PackStore
from noroshi.intel.packs import store as module
step = int(sys.argv[3])
calls = 0
plain = Path.rename
def rename(self, target):
    global calls
    calls += 1
    if calls == step:
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(self, target)
Path.rename = rename
PackStore(Path(sys.argv[1])).add(Path(sys.argv[2]))
"""


@pytest.mark.parametrize("step", [1, 2, 3])
def test_kill_leaves_the_old_or_the_new_pack(tmp_path: Path, checkout: Path, step: int) -> None:
    folder = tmp_path / "home" / "packs"
    store = PackStore(folder)
    old = store.add(checkout)
    (checkout / "rules/windows/a.yml").unlink()
    done = subprocess.run(
        [sys.executable, "-c", CRASH, str(folder), str(checkout), str(step)],
        env={**os.environ, "PYTHONPATH": str(Path(noroshi.__file__).parents[1])},
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL
    assert len(store.list()) <= 1
    new = store.add(checkout)
    assert new.digest != old.digest
    assert store.verify("sigma").ok
    assert [path.name for path in folder.iterdir() if path.name != ".lock"] == ["sigma"]


def test_real_collections(tmp_path: Path, shared_data: Path) -> None:
    store = PackStore(tmp_path / "packs")
    assert store.add(shared_data / "logs/sigma-rules").manifest.kind is PackKind.SIGMA_RULES
    attack = store.add(shared_data / "attack/enterprise-attack.json.gz")
    assert attack.manifest.kind is PackKind.ATTACK
    lists = store.add(shared_data / "intel/misp-warninglists")
    assert lists.manifest.kind is PackKind.WARNING_LISTS


@pytest.mark.parametrize("manifest", [None, "- no mapping", "name: ["])
def test_an_error_names_the_folder_given_and_no_copy(
    store: PackStore, tmp_path: Path, manifest: str | None
) -> None:
    folder = tmp_path / "carried"
    folder.mkdir()
    if manifest is not None:
        (folder / "pack.yaml").write_text(manifest)

    with pytest.raises(PackError, match=r"carried(/pack.yaml)?:"):
        store.add(folder)
