"""Hard cases kind by kind: each line with everything in it, files and paths included.

Written by us. A value is given as ``type=value``; the quote that extraction returns must be the
very characters of the line.
"""

from __future__ import annotations

from noroshi.app.made_up.hard_lines import HardLine


def _line(text: str, *values: str, language: str = "en") -> HardLine:
    return HardLine(language, text, frozenset(value.replace("=", ":", 1) for value in values))


def _ja(text: str, *values: str) -> HardLine:
    return _line(text, *values, language="ja")


_SSDEEP = "1536:yB7xQk3zJmVhW2RtNcLpUe5sGdF8aYo0iXb:yBlkdVWhtcpesFa0X"
_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"
_JA4 = "t13d1516h2_8daaf6152771_e5627efa2ab1"
_YARA = (
    'rule kuma_loader : loader\n{\n  strings:\n    $a = "evil.example" // }\n'
    "    $b = { 4d 5a ?? }\n  condition:\n    any of them\n}"
)
_SIGMA = (
    "title: Kuma loader starts\nid: 6e9ffb1c-2d1b-4e5b-9b8f-2a6d0f1c3e4a\nlogsource:\n"
    "    product: windows\n    category: process_creation\ndetection:\n    selection:\n"
    "        Image|endswith: '\\kuma.exe'\n    condition: selection\nlevel: high"
)

ADDRESSES = (
    _line("Beacons to 198[.]51[.]100[.]23:4443 every hour.", "ipv4=198.51.100.23"),
    _line("Beacons to 198.51.100[.]24/tcp on 8443.", "ipv4=198.51.100.24"),
    _line("(198.51.100.25) and [198.51.100.26];", "ipv4=198.51.100.25", "ipv4=198.51.100.26"),
    _line(
        "IPs: 198,51,100,27 is no way to write one.",
    ),
    _line("198 [.] 51 [.] 100 [.] 28 is one with blanks", "ipv4=198.51.100.28"),
    _line("198[dot]51[dot]100[dot]29 in words", "ipv4=198.51.100.29"),
    _line(
        "198.51.100.0/24 and 198.51.100[.]128/25", "cidr=198.51.100.0/24", "cidr=198.51.100.128/25"
    ),
    _line("the range 203.0.113.0 - 203.0.113.255", "ipv4=203.0.113.0", "ipv4=203.0.113.255"),
    _line(
        "2001:db8::dead:beef, 2001:DB8:0:0:0:0:0:5", "ipv6=2001:db8::dead:beef", "ipv6=2001:db8::5"
    ),
    _line("2001[:]db8[:][:]7 and 2001:db8[::]8", "ipv6=2001:db8::7", "ipv6=2001:db8::8"),
    _line("::ffff:198.51.100.30 is mapped", "ipv6=::ffff:198.51.100.30"),
    _line("fe80::1%eth0 is link-local", "ipv6=fe80::1"),
    _line(
        "at 10:20:30 the MAC 0a:1b:2c:3d:4e:5f answered",
    ),
    _line("Firefox/102.0.1.5 and Office 16.0.4266.1001 were up to date"),
    _line(
        "AS64501 (ASN 64502) and AS 64503 announce it", "asn=AS64501", "asn=AS64502", "asn=AS64503"
    ),
)
NAMES = (
    _line("a[.]b-c[.]evil[.]co[.]jp was new", "domain=a.b-c.evil.co.jp"),
    _line("evil [.] example and bad (.) example", "domain=evil.example", "domain=bad.example"),
    _line(
        "evil{dot}example, evil<dot>test, bad[punkt]example",
        "domain=evil.example",
        "domain=evil.test",
        "domain=bad.example",
    ),
    _line("evil[.]Example was written with a capital", "domain=evil.example"),
    _line(
        "*.evil.example and .bad.example with every child",
        "domain=evil.example",
        "domain=bad.example",
    ),
    _line(
        "_dmarc.evil.example and _kuma._tcp.evil.test hold text",
        "domain=_dmarc.evil.example",
        "domain=_kuma._tcp.evil.test",
    ),
    _line(
        "mail.evil.example(198.51.100.31) sent it", "domain=mail.evil.example", "ipv4=198.51.100.31"
    ),
    _line("b\u200bad.exam\u00adple hides characters", "domain=bad.example"),
    _line(
        "m\u00fcnchen-post.example and \u043f\u0440\u0438\u043c\u0435\u0440.example",
        "domain=m\u00fcnchen-post.example",
        "domain=\u043f\u0440\u0438\u043c\u0435\u0440.example",
    ),
    _line("evil.example... and then nothing", "domain=evil.example"),
    _line(
        "**evil.example** _bad.example_ `bad.test`",
        "domain=evil.example",
        "domain=bad.example",
        "domain=bad.test",
    ),
    _line(
        "UsrClass.data and AntiAV.data are files",
        "file-name=UsrClass.data",
        "file-name=AntiAV.data",
    ),
    _line("Sales rose by 3.In the end.It was 4.At least."),
    _line(
        "kuma@evil.example, <kuma@bad.example>, mailto:kuma@evil.test",
        "email=kuma@evil.example",
        "email=kuma@bad.example",
        "email=kuma@evil.test",
    ),
    _line(
        "kuma[at]evil[dot]example, kuma(at)bad(dot)example, kuma [@] evil.test",
        "email=kuma@evil.example",
        "email=kuma@bad.example",
        "email=kuma@evil.test",
    ),
    _line("first.last+tag@mail.evil.example.", "email=first.last+tag@mail.evil.example"),
)
LINKS = (
    _line("hxxp[:]//evil[.]example/a", "url=http://evil.example/a"),
    _line("hxxp[://]evil.example/b", "url=http://evil.example/b"),
    _line("hxxps:\\\\evil[.]example/c", "url=https://evil.example/c"),
    _line("hXXp://evil[.]example", "url=http://evil.example"),
    _line("http://evil(.)example/d", "url=http://evil.example/d"),
    _line("https://evil.example/e?x=[1]&y=2", "url=https://evil.example/e?x=[1]&y=2"),
    _line("https://user:pass@evil.example:8080/f#g", "url=https://user:pass@evil.example:8080/f#g"),
    _line("http://[2001:db8::9]:8080/h", "url=http://[2001:db8::9]:8080/h"),
    _line("hxxp://198.51.100[.]32/i.sh;", "url=http://198.51.100.32/i.sh"),
    _line("hxxps://evil[.]example/j%20k.docx,", "url=https://evil.example/j%20k.docx"),
    _line("tcp://198.51.100.33:4444", "url=tcp://198.51.100.33:4444"),
    _line("ldap://evil.example:1389/a", "url=ldap://evil.example:1389/a"),
    _line("evil[.]example/gate.php", "url=evil.example/gate.php"),
    _line('<a href="http://evil.example/k">here</a>', "url=http://evil.example/k"),
    _line("http://evil.example/l\u3092\u958b\u304f", "url=http://evil.example/l"),
    _line("https://evil.example/\u65e5\u672c\u8a9e/m", "url=https://evil.example/"),
    _line("HTTPS://EVIL.EXAMPLE/N", "url=https://evil.example/N"),
    _line("httpx://evil.example/o is no scheme", "domain=evil.example"),
)
LOCAL = (
    _line(r"C:\Users\Public\kuma.exe ran", r"file-path=C:\Users\Public\kuma.exe"),
    _line(
        r'"C:\Program Files (x86)\Kuma Tool\run me.exe" /q',
        r"file-path=C:\Program Files (x86)\Kuma Tool\run me.exe",
    ),
    _line(
        r"%ProgramFiles(x86)%\Kuma\a.dll and %TEMP%\b.tmp",
        r"file-path=%ProgramFiles(x86)%\Kuma\a.dll",
        r"file-path=%TEMP%\b.tmp",
    ),
    _line(r"%ALLUSERSPROFILE%\NetKuma" + "\\ holds it", r"file-path=%ALLUSERSPROFILE%\NetKuma"),
    _line(r"\\198.51.100.34\share\kuma.dll", r"file-path=\\198.51.100.34\share\kuma.dll"),
    _line(r"\\.\pipe\kuma-7 is a pipe", r"file-path=\\.\pipe\kuma-7"),
    _line(
        "/opt/.kuma/run.sh and ~/.ssh/authorized_keys",
        "file-path=/opt/.kuma/run.sh",
        "file-path=~/.ssh/authorized_keys",
    ),
    _line("/Library/LaunchAgents/com.kuma.plist", "file-path=/Library/LaunchAgents/com.kuma.plist"),
    _line("$HOME/.config/kuma.conf", "file-path=$HOME/.config/kuma.conf"),
    _line(r"HKCU\Software\Kuma\Run", r"registry-key=HKEY_CURRENT_USER\Software\Kuma\Run"),
    _line(
        r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon",
        "registry-key=HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
        "\\Winlogon",
    ),
    _line(
        r"HKLM:\SYSTEM\CurrentControlSet\Services\kuma was added",
        r"registry-key=HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\kuma",
    ),
    _line(
        "kuma.exe, kuma_v2.ps1 and invoice(1).docm",
        "file-name=kuma.exe",
        "file-name=kuma_v2.ps1",
        "file-name=invoice(1).docm",
    ),
    _line('the file "Payment advice 2024.xlsm" came by mail', "file-name=Payment advice 2024.xlsm"),
    _line("- `Programa Kuma.scr`", "file-name=Programa Kuma.scr"),
    _line("Dise\u00f1o_kuma.scr", "file-name=Dise\u00f1o_kuma.scr"),
    _line(r"Global\KumaLock1 is created", r"mutex=Global\KumaLock1"),
    _line('It creates the mutex "kuma-4f1a" first', "mutex=kuma-4f1a"),
    _line("Mutex: {5A7B-KUMA}", "mutex={5A7B-KUMA}"),
    _line("The mutex name is KumaMtx_77.", "mutex=KumaMtx_77"),
    _line("A mutex keeps a second copy from running"),
)
PRINTS = (
    _line(f"User-Agent: {_AGENT}", f"user-agent={_AGENT}"),
    _line('with the user agent "KumaBot/1.0"', "user-agent=KumaBot/1.0"),
    _line("User agent string: curl/7.68.0", "user-agent=curl/7.68.0"),
    _line("JA3: 6734f37431670b3ab4292b8f60f29984", "ja3=6734f37431670b3ab4292b8f60f29984"),
    _line("JA3S hash 4d7a28d6f2263ed61de88ca66eb011e3", "ja3=4d7a28d6f2263ed61de88ca66eb011e3"),
    _line(f"JA4={_JA4}", f"ja4={_JA4}"),
    _line("imphash f34d5f2d4577ed6d9ceec516c1f5a744", "imphash=f34d5f2d4577ed6d9ceec516c1f5a744"),
    _line(f"ssdeep {_SSDEEP}", f"ssdeep={_SSDEEP}"),
    _line(
        "0x3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a is a wallet in lower case",
        "eth=0x3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a",
    ),
    _line(
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "btc=bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    ),
    _line(
        "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
        "bch=qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
    ),
    _line(
        "TAUN6FwrnwwmaEqYcckffC7wYmbaS6cBiX is on Tron", "trx=TAUN6FwrnwwmaEqYcckffC7wYmbaS6cBiX"
    ),
    _line(
        "Exploits CVE\u20112021\u201144228 and CVE-2023-4863/CVE-2024-3094",
        "cve=CVE-2021-44228",
        "cve=CVE-2023-4863",
        "cve=CVE-2024-3094",
    ),
    _line(
        "[CVE-2020-1472](https://kb.example/cve-2020-1472)",
        "cve=CVE-2020-1472",
        "url=https://kb.example/cve-2020-1472",
    ),
    _line(
        "MITRE T1566.001, T1059/003 and TA0011; AML.TA0002, AML.CS0003",
        "attack=T1566.001",
        "attack=T1059.003",
        "attack=TA0011",
        "atlas=AML.TA0002",
        "atlas=AML.CS0003",
    ),
)
RULES = (
    _line(f"The rule:\n\n{_YARA}\n\nends here.", f"yara={_YARA}"),
    _line(f"The rule:\n\n{_SIGMA}\n\nends here.", f"sigma={_SIGMA}"),
)
JAPANESE_KINDS = (
    _ja(
        "\u6dfb\u4ed8\u306e\u8acb\u6c42\u66f8.zip\u3092\u958b\u304f",
        "file-name=\u8acb\u6c42\u66f8.zip",
    ),
    _ja(
        "\u300c\u8acb\u6c42\u66f8 \u66f4\u65b0\u7248.docm\u300d\u304c\u5c4a\u304f",
        "file-name=\u8acb\u6c42\u66f8 \u66f4\u65b0\u7248.docm",
    ),
    _ja(
        "C:\\Users\\Public\\kuma.exe\u3092\u5b9f\u884c\u3059\u308b",
        r"file-path=C:\Users\Public\kuma.exe",
    ),
    _ja(
        "\uff28\uff2b\uff23\uff35\uff3c\uff33\uff4f\uff46\uff54\uff57\uff41\uff52\uff45\uff3c\uff2b\uff55\uff4d\uff41\u306b\u767b\u9332",
        r"registry-key=HKEY_CURRENT_USER\Software\Kuma",
    ),
    _ja(
        "\u30df\u30e5\u30fc\u30c6\u30c3\u30af\u30b9\u300ckuma-4f1a\u300d\u3092\u4f5c\u308b",
        "mutex=kuma-4f1a",
    ),
    _ja(
        "\u30e6\u30fc\u30b6\u30fc\u30a8\u30fc\u30b8\u30a7\u30f3\u30c8\uff1aKumaBot/1.0",
        "user-agent=KumaBot/1.0",
    ),
    _ja(
        "\u901a\u4fe1\u5148\uff08evil[.]example\uff09\u3068198.51.100.35\u756a",
        "domain=evil.example",
        "ipv4=198.51.100.35",
    ),
    _ja(
        "evil\uff0eexample\u3001evil\uff3b.\uff3dtest\u3001evil\u3010.\u3011example",
        "domain=evil.example",
        "domain=evil.test",
    ),
    _ja(
        "\uff48\uff58\uff58\uff50\uff1a\uff0f\uff0fevil[.]example\uff0fa",
        "url=http://evil.example/a",
    ),
    _ja("kuma\uff20evil.example\u304b\u3089\u306e\u30e1\u30fc\u30eb", "email=kuma@evil.example"),
    _ja(
        "\u30cf\u30c3\u30b7\u30e5\u5024\uff08SHA-1\uff09\uff1a0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
        "sha1=0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
    ),
    _ja(
        "AS64504\uff08\u901a\u4fe1\u4e8b\u696d\u8005\uff09\u306e\u5e2f\u57df198.51.100.0/24",
        "asn=AS64504",
        "cidr=198.51.100.0/24",
    ),
    _ja("\u7b2c1.2.3.4\u7bc0\u3068\u30d0\u30fc\u30b8\u30e7\u30f32.0.1.7\u3092\u53c2\u7167"),
    _ja(
        "\u53c2\u8003\uff1ahttps://kb.example/ja/1\uff08\u65e5\u672c\u8a9e\uff09",
        "url=https://kb.example/ja/1",
    ),
)
HARD_KINDS = (*ADDRESSES, *NAMES, *LINKS, *LOCAL, *PRINTS, *RULES, *JAPANESE_KINDS)
