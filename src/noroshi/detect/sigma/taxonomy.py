"""Sigma field names -> columns of our event classes, so that generic rules meet every source.

A rule written for process creation speaks of ``Image``; a Windows 4688 record, an auditd record
and a Sysmon record all fill ``process_file_path``. A field that a record has under its own name is
taken from there; this table is for the fields that it has not.

Source: Sigma specification 2.1, appendix "Taxonomy"; OCSF 1.6 attribute names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Joined:
    r"""Two columns that make one Sigma field, such as ``DOMAIN\user``."""

    head: str
    tail: str
    between: str = "\\"


Source: TypeAlias = "str | Joined"
_Table: TypeAlias = Mapping[str, tuple[Source, ...]]


def _table(text: str, **joined: Source) -> _Table:
    """Read lines of ``Field column column …``; joined columns come as keywords."""
    table: dict[str, tuple[Source, ...]] = {name: (source,) for name, source in joined.items()}
    for line in text.strip().splitlines():
        field, *columns = line.split()
        table[field] = tuple(columns)
    return MappingProxyType(table)


_ACTOR_USER = Joined("actor_user_domain", "actor_user_name")

_PROCESS = _table(
    """
    Image process_file_path
    CommandLine process_cmd_line
    ProcessId process_pid
    ProcessGuid process_uid
    OriginalFileName process_file_original_name
    Company process_file_company
    Product process_file_product
    Description process_file_description
    CurrentDirectory process_working_directory
    IntegrityLevel process_integrity
    LogonId actor_session_uid
    ParentImage process_parent_process_file_path
    ParentCommandLine process_parent_process_cmd_line
    ParentProcessId process_parent_process_pid
    ParentProcessGuid process_parent_process_uid
    ParentUser process_parent_process_user_name
    md5 process_file_hashes_md5
    sha1 process_file_hashes_sha1
    sha256 process_file_hashes_sha256
    Imphash process_file_hashes_imphash
    """,
    User=Joined("process_user_domain", "process_user_name"),
)

_ACTING = _table(
    """
    Image actor_process_file_path
    CommandLine actor_process_cmd_line
    ProcessId actor_process_pid
    ProcessGuid actor_process_uid
    """,
    User=_ACTOR_USER,
)
"""Fields of the process that did what an event is about."""

_FILE = _table(
    """
    TargetFilename file_path
    md5 file_hashes_md5
    sha1 file_hashes_sha1
    sha256 file_hashes_sha256
    Imphash file_hashes_imphash
    """
)

_NETWORK = _table(
    """
    DestinationIp dst_endpoint_ip
    DestinationPort dst_endpoint_port
    DestinationHostname dst_endpoint_hostname
    SourceIp src_endpoint_ip
    SourcePort src_endpoint_port
    SourceHostname src_endpoint_hostname
    Protocol connection_info_protocol_name
    dst_ip dst_endpoint_ip
    dst_port dst_endpoint_port
    src_ip src_endpoint_ip
    src_port src_endpoint_port
    destination.ip dst_endpoint_ip
    destination.port dst_endpoint_port
    source.ip src_endpoint_ip
    source.port src_endpoint_port
    action disposition
    """
)

_DNS = _table(
    """
    query query_hostname
    QueryName query_hostname
    record_type query_type
    QueryType query_type
    answer answers
    QueryResults answers
    QueryStatus rcode
    """
)

_WEB = _table(
    """
    c-uri http_request_url_url_string
    cs-uri http_request_url_url_string
    cs-uri-stem http_request_url_path
    cs-uri-query http_request_url_query_string
    c-uri-query http_request_url_query_string
    cs-host http_request_url_hostname dst_endpoint_hostname
    r-dns http_request_url_hostname dst_endpoint_hostname
    c-useragent http_request_user_agent
    cs-user-agent http_request_user_agent
    cs-referer http_request_referrer
    cs-referrer http_request_referrer
    cs-method http_request_http_method
    cs-version http_request_version
    cs-username http_request_username
    sc-status http_response_code
    cs-bytes traffic_bytes_out
    sc-bytes traffic_bytes_in
    c-ip src_endpoint_ip
    src_ip src_endpoint_ip
    dst_ip dst_endpoint_ip
    r-ip dst_endpoint_ip
    """
)

_REGISTRY = _table(
    """
    TargetObject reg_value_path
    Details reg_value_data
    """
)

_MODULE = _table(
    """
    ImageLoaded module_file_path
    Signed module_file_is_signed
    Signature module_file_signature
    SignatureStatus module_file_signature_status
    md5 module_file_hashes_md5
    sha1 module_file_hashes_sha1
    sha256 module_file_hashes_sha256
    Imphash module_file_hashes_imphash
    """
)

_MEMORY = _table(
    """
    SourceImage actor_process_file_path
    SourceCommandLine actor_process_cmd_line
    TargetImage process_file_path
    GrantedAccess actual_permissions
    CallTrace call_trace
    """
)

_SCRIPT = _table(
    """
    ScriptBlockText script_content
    Path script_name
    """
)

_ANTIVIRUS = _table(
    """
    Signature finding_info_title
    Filename file_path
    """
)

_EVERYWHERE = _table(
    """
    EventID metadata_event_code
    Channel metadata_log_name
    Provider_Name metadata_log_provider
    Computer device_hostname
    ComputerName device_hostname
    User actor_user_name
    """
)

_BY_CATEGORY: Mapping[str, tuple[_Table, ...]] = {
    "process_creation": (_PROCESS,),
    "process_access": (_MEMORY,),
    "create_remote_thread": (_MEMORY,),
    "process_tampering": (_PROCESS,),
    "file_event": (_FILE, _ACTING),
    "file_access": (_FILE, _ACTING),
    "file_change": (_FILE, _ACTING),
    "file_delete": (_FILE, _ACTING),
    "file_rename": (_FILE, _ACTING),
    "file_executable_detected": (_FILE, _ACTING),
    "create_stream_hash": (_FILE, _ACTING),
    "network_connection": (_NETWORK, _ACTING),
    "firewall": (_NETWORK,),
    "dns": (_DNS, _NETWORK),
    "dns_query": (_DNS, _ACTING),
    "proxy": (_WEB,),
    "webserver": (_WEB,),
    "registry_event": (_REGISTRY, _ACTING),
    "registry_set": (_REGISTRY, _ACTING),
    "registry_add": (_REGISTRY, _ACTING),
    "registry_delete": (_REGISTRY, _ACTING),
    "registry_rename": (_REGISTRY, _ACTING),
    "image_load": (_MODULE, _ACTING),
    "driver_load": (_MODULE, _ACTING),
    "ps_script": (_SCRIPT,),
    "antivirus": (_ANTIVIRUS,),
}


def sources(field: str, categories: tuple[str, ...]) -> Iterator[Source]:
    """Yield the columns that may hold a Sigma field in events of these categories, best first."""
    for category in categories:
        for table in _BY_CATEGORY.get(category, ()):
            yield from table.get(field, ())
    yield from _EVERYWHERE.get(field, ())
