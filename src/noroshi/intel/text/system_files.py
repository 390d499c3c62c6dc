"""Files that every machine has: named in a report, they are seldom what to search for."""

from __future__ import annotations

from noroshi.intel.text.wordlist import words

_NAMES = words(
    """
    cmd.exe powershell.exe pwsh.exe explorer.exe svchost.exe rundll32.exe regsvr32.exe
    wscript.exe cscript.exe mshta.exe wmic.exe msiexec.exe schtasks.exe services.exe lsass.exe
    winlogon.exe csrss.exe smss.exe wininit.exe taskhost.exe taskhostw.exe taskmgr.exe
    conhost.exe dllhost.exe spoolsv.exe net.exe net1.exe netsh.exe sc.exe reg.exe regedit.exe
    whoami.exe ipconfig.exe nltest.exe systeminfo.exe tasklist.exe taskkill.exe ping.exe
    nslookup.exe certutil.exe bitsadmin.exe curl.exe tar.exe findstr.exe attrib.exe icacls.exe
    vssadmin.exe wbadmin.exe bcdedit.exe wevtutil.exe msbuild.exe installutil.exe regasm.exe
    regsvcs.exe csc.exe notepad.exe calc.exe mspaint.exe winword.exe excel.exe powerpnt.exe
    outlook.exe onenote.exe iexplore.exe chrome.exe firefox.exe msedge.exe java.exe javaw.exe
    python.exe wmiprvse.exe userinit.exe fontdrvhost.exe dwm.exe ctfmon.exe sihost.exe mstsc.exe
    forfiles.exe at.exe ntoskrnl.exe control.exe werfault.exe wermgr.exe kernel32.dll
    kernelbase.dll ntdll.dll user32.dll advapi32.dll gdi32.dll ws2_32.dll wininet.dll
    winhttp.dll urlmon.dll shell32.dll shlwapi.dll ole32.dll oleaut32.dll crypt32.dll bcrypt.dll
    msvcrt.dll mscoree.dll comctl32.dll comsvcs.dll dbghelp.dll psapi.dll secur32.dll samlib.dll
    ntds.dit hosts.txt robots.txt wp-login.php wp-config.php web.config index.html index.php
    readme.md readme.txt license.txt autorun.inf desktop.ini boot.ini sethc.exe utilman.exe
    """
)


def is_system_file(name: str) -> bool:
    """Whether a file name is one that operating systems and web servers bring along."""
    return name.lower() in _NAMES
