"""Small feeds of every kind, written for these tests."""

from __future__ import annotations

import json
from typing import Any

KEV: dict[str, Any] = {
    "catalogVersion": "2026.03.01",
    "vulnerabilities": [
        {
            "cveID": "CVE-2026-11111", "vendorProject": "Example", "product": "Example Gateway",
            "vulnerabilityName": "Gateway flaw", "dateAdded": "2026-02-01",
            "shortDescription": "It lets strangers in.", "requiredAction": "Update to 9.9.",
            "dueDate": "2026-02-22", "knownRansomwareCampaignUse": "Known",
        },
        {"cveID": "nonsense"},
    ],
}  # fmt: skip
KEV_CSV = (
    "cveID,vendorProject,product,vulnerabilityName,dateAdded,shortDescription,requiredAction,"
    "dueDate,knownRansomwareCampaignUse,notes\n"
    'CVE-2026-11111,Example,Example Gateway,"Gateway flaw",2026-02-01,"It lets strangers in.",'
    '"Update to 9.9.",2026-02-22,Known,""\n'
)
EPSS = (
    "#model_version:v2026,score_date:2026-03-01T00:00:00+0000\ncve,epss,percentile\n"
    "CVE-2026-11111,0.91234,0.99\nCVE-2026-22222,0.00123,0.4\nCVE-2026-33333,much,0.4\n"
)
CSAF: dict[str, Any] = {
    "document": {
        "title": "Example: flaw in the gateway", "csaf_version": "2.0",
        "distribution": {"tlp": {"label": "AMBER"}},
        "tracking": {"id": "EX-2026-1", "current_release_date": "2026-02-02T00:00:00Z"},
    },
    "product_tree": {
        "branches": [
            {"category": "vendor", "name": "Example", "branches": [
                {"category": "product_version", "name": "9.8",
                 "product": {"name": "Example Gateway 9.8", "product_id": "P1"}}]}
        ]
    },
    "vulnerabilities": [
        {
            "cve": "CVE-2026-11111", "title": "flaw",
            "notes": [{"category": "summary", "text": "Strangers get in by the back door."}],
            "product_status": {"known_affected": ["P1"], "fixed": ["P2"]},
            "remediations": [{"category": "vendor_fix", "details": "Take 9.9."}],
        }
    ],
}  # fmt: skip
OSV: dict[str, Any] = {
    "id": "EX-PYPI-2026-1", "modified": "2026-02-03T00:00:00Z", "schema_version": "1.6.0",
    "aliases": ["CVE-2026-44444"], "summary": "Bad parser", "details": "It reads too far.",
    "affected": [{"package": {"ecosystem": "PyPI", "name": "example-parser"}}],
}  # fmt: skip
UUID = "5f0a5d62-3d5b-4f51-9d0a-60e9c3a3f9e1"
MISP: dict[str, Any] = {
    "Event": {
        "uuid": UUID, "info": "Quarry loader", "date": "2026-03-01", "timestamp": "1772323200",
        "Tag": [{"name": "tlp:green"}], "Orgc": {"name": "Example CERT"},
        "Attribute": [
            {"type": "ip-dst", "value": "198.51.100.5", "to_ids": True},
            {"type": "domain", "value": "c2.badhost.example", "to_ids": True},
            {"type": "comment", "value": "seen twice", "to_ids": False},
        ],
    }
}  # fmt: skip
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Reports</title>
<entry><title>Loader again</title><id>urn:r:1</id><link rel="self" href="https://r.example/self"/>
<link href="/reports/1"/><updated>2026-03-02T09:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Its C2 server is
198.51.100.23.</p></div></content></entry></feed>"""
RDF = """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>注意喚起</title></channel>
<item rdf:about="https://r.example/at1"><title>注意喚起 1</title><link>https://r.example/at1</link>
<dc:date>2026-03-02T09:00:00+09:00</dc:date>
<description>C2 サーバ 198.51.100.24 への通信</description>
</item></rdf:RDF>"""
MAIL = (
    "From: analyst@cert.example\nTo: town@saida.example\nSubject: New C2\nMessage-ID: <1@cert>\n"
    "Date: Mon, 02 Mar 2026 09:00:00 +0900\n\nThe C2 server is 198.51.100.{number}.\n"
)
MBOX = "".join(
    f"From analyst Mon Mar  2 09:00:0{number} 2026\n{MAIL.format(number=number)}>From here on\n\n"
    for number in (1, 2, 3)
)
BUNDLE: dict[str, Any] = {
    "type": "bundle", "id": "bundle--2f0a5d62-3d5b-4f51-9d0a-60e9c3a3f9e1",
    "objects": [
        {
            "type": "indicator", "spec_version": "2.1",
            "id": "indicator--2f0a5d62-3d5b-4f51-9d0a-60e9c3a3f9e1",
            "created": "2026-03-01T00:00:00.000Z", "modified": "2026-03-01T00:00:00.000Z",
            "pattern": "[domain-name:value = 'c2.example.org']", "pattern_type": "stix",
            "valid_from": "2026-03-01T00:00:00Z",
        }
    ],
}  # fmt: skip
EVERY: dict[str, bytes] = {
    "rss": ATOM.encode(), "kev": json.dumps(KEV).encode(), "epss": EPSS.encode(),
    "misp": json.dumps(MISP).encode(), "stix": json.dumps(BUNDLE).encode(),
    "taxii": json.dumps({"objects": BUNDLE["objects"], "more": False}).encode(),
    "advisories": json.dumps(CSAF).encode(), "mail": MBOX.encode(),
    "reports": b"<html><body><p>C2: 198.51.100.9</p></body></html>",
    "list": b"value,type\n198.51.100.1,address\nbad.example.net,domain\n",
}  # fmt: skip
