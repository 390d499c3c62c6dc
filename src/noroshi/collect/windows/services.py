"""Windows event channels -> Sigma log source services.

Source: Sigma specification 2.1, appendix "Taxonomy", product ``windows``.
"""

from __future__ import annotations

from collections.abc import Mapping


def _channels(text: str) -> Mapping[str, tuple[str, ...]]:
    """Read lines of ``service: channel, channel …``; channels compare without case."""
    table: dict[str, tuple[str, ...]] = {}
    for line in text.strip().splitlines():
        service, channels = line.split(":", 1)
        for channel in channels.split(","):
            key = channel.strip().lower()
            table[key] = (*table.get(key, ()), service.strip())
    return table


SERVICES = _channels(
    """
    security: Security
    system: System
    application: Application
    sysmon: Microsoft-Windows-Sysmon/Operational, Linux-Sysmon/Operational
    powershell: Microsoft-Windows-PowerShell/Operational, PowerShellCore/Operational
    powershell-classic: Windows PowerShell
    windefend: Microsoft-Windows-Windows Defender/Operational
    windefend: Microsoft-Windows-Windows Defender/WHC
    taskscheduler: Microsoft-Windows-TaskScheduler/Operational
    wmi: Microsoft-Windows-WMI-Activity/Operational
    bits-client: Microsoft-Windows-Bits-Client/Operational
    dns-server: DNS Server
    dns-server-analytic: Microsoft-Windows-DNS-Server/Analytical
    dns-server-audit: Microsoft-Windows-DNS-Server/Audit, Microsoft-Windows-DNSServer/Audit
    dns-client: Microsoft-Windows-DNS Client Events/Operational
    dns-client: Microsoft-Windows-DNS-Client/Operational
    dhcp: Microsoft-Windows-DHCP-Server/Operational
    ntlm: Microsoft-Windows-NTLM/Operational
    terminalservices-localsessionmanager: Microsoft-Windows-TerminalServices-LocalSessionManager/Operational
    applocker: Microsoft-Windows-AppLocker/EXE and DLL
    applocker: Microsoft-Windows-AppLocker/MSI and Script
    applocker: Microsoft-Windows-AppLocker/Packaged app-Deployment
    applocker: Microsoft-Windows-AppLocker/Packaged app-Execution
    codeintegrity-operational: Microsoft-Windows-CodeIntegrity/Operational
    firewall-as: Microsoft-Windows-Windows Firewall With Advanced Security/Firewall
    driver-framework: Microsoft-Windows-DriverFrameworks-UserMode/Operational
    printservice-admin: Microsoft-Windows-PrintService/Admin
    printservice-operational: Microsoft-Windows-PrintService/Operational
    smbclient-security: Microsoft-Windows-SmbClient/Security
    smbclient-connectivity: Microsoft-Windows-SmbClient/Connectivity
    smbserver-connectivity: Microsoft-Windows-SMBServer/Connectivity
    smbserver-security: Microsoft-Windows-SMBServer/Security
    msexchange-management: MSExchange Management
    ldap: Microsoft-Windows-LDAP-Client/Debug
    ldap_debug: Microsoft-Windows-LDAP-Client/Debug
    lsa-server: Microsoft-Windows-LSA/Operational
    openssh: OpenSSH/Operational
    appxdeployment-server: Microsoft-Windows-AppXDeploymentServer/Operational
    appxpackaging-om: Microsoft-Windows-AppxPackaging/Operational
    appmodel-runtime: Microsoft-Windows-AppModel-Runtime/Admin
    shell-core: Microsoft-Windows-Shell-Core/Operational
    capi2: Microsoft-Windows-CAPI2/Operational
    certificateservicesclient-lifecycle-system: Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational
    vhdmp: Microsoft-Windows-VHDMP/Operational, Microsoft-Windows-VHDMP-Operational
    security-mitigations: Microsoft-Windows-Security-Mitigations/Kernel Mode
    security-mitigations: Microsoft-Windows-Security-Mitigations/User Mode
    security-mitigations: Microsoft-Windows-Security-Mitigations/KernelMode
    security-mitigations: Microsoft-Windows-Security-Mitigations/UserMode
    diagnosis-scripted: Microsoft-Windows-Diagnosis-Scripted/Operational
    sense: Microsoft-Windows-SENSE/Operational
    iis-configuration: Microsoft-IIS-Configuration/Operational
    hyper-v-worker: Microsoft-Windows-Hyper-V-Worker-Admin, Microsoft-Windows-Hyper-V-Worker-Operational
    hyper-v-worker: Microsoft-Windows-Hyper-V-Worker
    kernel-event-tracing: Microsoft-Windows-Kernel-EventTracing/Admin
    kernel-event-tracing: Microsoft-Windows-Kernel-EventTracing
    kernel-shimengine: Microsoft-Windows-Kernel-ShimEngine/Operational
    microsoft-servicebus-client: Microsoft-ServiceBus-Client/Admin, Microsoft-ServiceBus-Client/Operational
    servicebus-client: Microsoft-ServiceBus-Client/Admin, Microsoft-ServiceBus-Client/Operational
    bitlocker: Microsoft-Windows-BitLocker/BitLocker Management
    """  # noqa: E501
)
"""Channel in lower case -> services."""
