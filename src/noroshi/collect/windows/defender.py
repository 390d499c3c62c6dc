"""Microsoft Defender: detections and attack surface reduction.

Source: the providers' manifests (``wevtutil gp``).
"""

from __future__ import annotations

from noroshi.collect.mapping import (
    account_domain,
    account_name,
    base_name,
    constant,
    integer,
)
from noroshi.collect.windows.kind import Columns, Kind, Kinds, activity
from noroshi.collect.windows.values import (
    first_present,
    present,
)
from noroshi.model.classes.findings import DETECTION_FINDING

_DEFENDER_ID: Columns = {
    "finding_info_uid": present("DetectionID"),
    "finding_info_title": "ThreatName",
    "finding_info_types": "CategoryName",
    "finding_info_analytic_uid": "ThreatID",
    "finding_info_priority": integer("SeverityID"),
    "file_path": first_present("Path", "Resources"),
    "file_name": base_name(first_present("Path", "Resources")),
    "actor_process_file_path": first_present("ProcessName"),
    "actor_process_name": base_name(first_present("ProcessName")),
    "actor_user_name": account_name(first_present("DetectionUser", "User")),
    "actor_user_domain": account_domain(first_present("DetectionUser", "User")),
    "is_alert": constant(value=True),
    "disposition": first_present("ActionName"),
}
_ATTACK_SURFACE: Columns = {
    "finding_info_analytic_uid": "ID",
    "finding_info_title": constant("Attack surface reduction rule"),
    "file_path": present("Path"),
    "file_name": base_name(present("Path")),
    "actor_process_file_path": present("ProcessName"),
    "actor_process_name": base_name(present("ProcessName")),
    "actor_user_name": account_name(present("User")),
    "actor_user_domain": account_domain(present("User")),
    "is_alert": constant(value=True),
}
DEFENDER: Kinds = {
    **{
        event: Kind(
            f"defender/{event}",
            DETECTION_FINDING,
            {**activity(*what), **_DEFENDER_ID},
            ("antivirus",),
        )
        for event, what in {
            1006: (1, "Detect"),
            1007: (2, "Act"),
            1008: (2, "Act (failed)"),
            1015: (1, "Detect behaviour"),
            1116: (1, "Detect"),
            1117: (2, "Act"),
            1118: (2, "Act (failed)"),
            1119: (2, "Act (failed)"),
        }.items()
    },
    **{
        event: Kind(f"defender/{event}", DETECTION_FINDING, {**activity(*what), **_ATTACK_SURFACE})
        for event, what in {1121: (1, "Block"), 1122: (1, "Audit")}.items()
    },
}
