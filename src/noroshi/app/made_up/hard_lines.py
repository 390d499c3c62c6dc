"""Lines on which extraction goes wrong, each with everything that a person would take from it.

Written by us: file names that look like domains, versions that look like addresses, code, sentences
without a blank, every way of defanging, and Japanese without blanks between words.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HardLine:
    """A line and its values as ``type:value``; nothing else may be found but files and paths."""

    language: str
    text: str
    values: frozenset[str]


def _lines(language: str, *lines: tuple[str, str]) -> tuple[HardLine, ...]:
    return tuple(HardLine(language, text, frozenset(values.split())) for text, values in lines)


_MD5 = "9f3b0c5d7e1a2b4c6d8e0f1a3b5c7d9e"
_SHA1 = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"
_SHA256 = "3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a"

FILES = _lines(
    "en",
    ("The loader writes update.zip and runs install.sh from the folder.", ""),
    ("It drops readme.md, setup.py and config.pl next to invoice.doc.", ""),
    ("The library kernel32.dll is loaded by svchost.exe, then by msedge.exe.", ""),
    ("A shortcut named Report.lnk opens document.pdf.lnk.", ""),
    ("Open photos.mov or music.app and the payload in notes.one starts.", ""),
    ("The script main.rs was compiled to libcrypt.so and copied to data.ai.", ""),
    ("Strings: command.com, autoexec.bat, win.ini, system.ini", ""),
    ("The archive backup.tar.gz holds index.php and wp-login.php.", ""),
    ("Sample names: 2024.exe, 1.ps1, a.vbs, x64.bin, invoice_2024.pdf.exe", ""),
    ("The dropper saves the file as winword.exe.config in %TEMP%.", ""),
    (r"Path: C:\Users\Public\Music\evil.com and C:\Windows\System32\more.com", ""),
    ("~/.hidden/run.sh and /usr/lib/libfoo.so.6 are left behind.", ""),
    ("The .NET assembly is built with ASP.NET and VB.NET on Node.js.", ""),
    ("It imports urllib.request, os.path and System.IO before it calls home.", ""),
    ("WScript.Shell and ADODB.Stream objects are created; MSXML2.XMLHTTP fetches.", ""),
    ("The class com.example.app.MainActivity calls android.os.Build.getSerial().", ""),
    ("document.write(unescape(s)); window.location = u; this.id = e.target.id;", ""),
    ("Word macros call ActiveDocument.Name and Application.Run on opening.", ""),
    ("The key is derived with rand.Int() and bytes.to_string(), see crypto.go.", ""),
    ("Run Get-Item file.txt and look at $env.Path or $this.name in the log.", ""),
    ("The malware, e.g. the loader, i.e. stage one, ended in the U.S. and the U.K. last year.", ""),
    ("It was patched.In the next release.The vendor said no.", ""),
    ("See section 1.2.3.4 and version 10.0.19041.1 of the SDK.", ""),
    ("Chrome/96.0.4664.45 and build 6.1.7601.17514 were seen.", ""),
    ("OID 1.3.6.1.4.1.311 and clock 12:34:56 are no addresses.", ""),
    ("std::string and a::b are no addresses either, nor is 00:1A:2B:3C:4D:5E.", ""),
    ("The PDB path is d:\\work\\loader\\Release\\loader.pdb.", ""),
    ("Emails ended in .com, .net or .co.jp; the rest in *.exe.", ""),
)
DEFANGED = _lines(
    "en",
    (
        "C2: evil[.]example, evil(.)test, {dot} forms such as bad{.}example",
        "domain:evil.example domain:evil.test domain:bad.example",
    ),
    (
        "evil[dot]example evil(dot)test evil[.example evil.]test",
        "domain:evil.example domain:evil.test",
    ),
    ("evil dot com was contacted", "domain:evil.com"),
    ("hxxp://evil[.]example/a.php", "url:http://evil.example/a.php"),
    ("hXXps[:]//evil[.]example:8443/b?c=d", "url:https://evil.example:8443/b?c=d"),
    ("http[:]//evil.example/x", "url:http://evil.example/x"),
    ("h**p://evil.example/y", "url:http://evil.example/y"),
    ("hxxps://evil.example[/]login[.]html", "url:https://evil.example/login.html"),
    ("ftp://files.evil.example/a", "url:ftp://files.evil.example/a"),
    ("hxxp://198.51.100[.]7:8080/stage2.bin", "url:http://198.51.100.7:8080/stage2.bin"),
    (
        "198[.]51[.]100[.]7, 198.51.100[.]8 and 198(.)51(.)100(.)9",
        "ipv4:198.51.100.7 ipv4:198.51.100.8 ipv4:198.51.100.9",
    ),
    (
        "203.0.113[.]0/24 was announced by AS64500, an autonomous system",
        "cidr:203.0.113.0/24 asn:AS64500",
    ),
    ("admin[@]evil[.]example and admin[at]evil[.]example wrote", "email:admin@evil.example"),
    ("2001[:]db8[:]0[:]0[:]0[:]0[:]0[:]1 answered", "ipv6:2001:db8::1"),
    ("[2001:db8::2]:443 and 2001:db8:1::/48", "ipv6:2001:db8::2 cidr:2001:db8:1::/48"),
    (
        "update[.]zip is a domain here, and so is install[.]sh",
        "domain:update.zip domain:install.sh",
    ),
    ("evil\\.example\\.test in a regular expression", "domain:evil.example.test"),
    ("xn--r8jz45g[.]example resolves", "domain:xn--r8jz45g.example"),
    ("the hidden service abcdefghij234567.onion", "domain:abcdefghij234567.onion"),
)
PLAIN = _lines(
    "en",
    ("The domain evil.example resolves to 198.51.100.7.", "domain:evil.example ipv4:198.51.100.7"),
    ("evil.example.The next sentence begins without a blank.", "domain:evil.example"),
    ("(see https://blog.example/post/1).", "url:https://blog.example/post/1"),
    (
        "[a post](https://blog.example/post_(2)) and <https://blog.example/3>",
        "url:https://blog.example/post_(2) url:https://blog.example/3",
    ),
    (
        "evil.example:8080, evil.test/gate.php?id=1",
        "domain:evil.example url:evil.test/gate.php?id=1",
    ),
    (
        "\"sub.evil-domain.example\",'other_host.evil.example'",
        "domain:sub.evil-domain.example domain:other_host.evil.example",
    ),
    (
        "https://a.example/x,https://b.example/y;https://c.example/z",
        "url:https://a.example/x url:https://b.example/y url:https://c.example/z",
    ),
    (
        "https://redirect.example/?u=https://evil.test/a",
        "url:https://redirect.example/?u=https://evil.test/a",
    ),
    (
        f"MD5 {_MD5} SHA-1 {_SHA1.upper()} SHA-256 {_SHA256}",
        f"md5:{_MD5} sha1:{_SHA1} sha256:{_SHA256}",
    ),
    (f"{_SHA256}0 is one digit too long and {_MD5[:-1]} one too short", ""),
    ("00000000000000000000000000000000 is no digest", ""),
    ("uuid 123e4567-e89b-12d3-a456-426614174000 is none either", ""),
    (
        "CVE-2021-44228, CVE 2023-4863 and cve-2024-1234",
        "cve:CVE-2021-44228 cve:CVE-2023-4863 cve:CVE-2024-1234",
    ),
    ("CVE-19999-0000 does not exist", ""),
    (
        "MITRE ATT&CK T1059.001, TA0002, S0154 and G0016; AML.T0051.000 in ATLAS",
        "attack:T1059.001 attack:TA0002 attack:S0154 attack:G0016 atlas:AML.T0051.000",
    ),
    ("The T1000 model and an S3600 switch were not involved", ""),
    ("pay to 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2 now", "btc:1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
    ("pay to 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3, says a checksum that fails", ""),
    (
        "JA3 d2935c58fe676744fecc8614ee5356c7; JA4 t13d1516h2_8daaf6152771_e5627efa2ab1",
        "ja3:d2935c58fe676744fecc8614ee5356c7 ja4:t13d1516h2_8daaf6152771_e5627efa2ab1",
    ),
    ("EVIL.EXAMPLE and Evil.Example are the same name", "domain:evil.example"),
    ("192.0.2.300 and 1.2.3 and 192.0.2.1.5 are no addresses", ""),
    ("the mutex Global\\NrsTestLock7 keeps a second copy away", "mutex:Global\\NrsTestLock7"),
)
JAPANESE = _lines(
    "ja",
    ("\u901a\u4fe1\u5148\u306fevil.example\u3067\u3059\u3002", "domain:evil.example"),
    (
        "\u901a\u4fe1\u5148:evil[.]example\u3001\u6b21\u306b198.51.100[.]7\u3078\u63a5\u7d9a",
        "domain:evil.example ipv4:198.51.100.7",
    ),
    (
        "\u653b\u6483\u8005\u306fhxxps://evil[.]example/login\u306b\u8a98\u5c0e\u3057\u307e\u3059\u3002",
        "url:https://evil.example/login",
    ),
    (
        "\u5168\u89d2\u306e\uff45\uff56\uff49\uff4c\uff0e\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45"
        "\u3068\uff11\uff19\uff18\uff0e\uff15\uff11\uff0e\uff11\uff10\uff10\uff0e\uff19",
        "domain:evil.example ipv4:198.51.100.9",
    ),
    (
        "\u53e5\u70b9\u306b\u3057\u305fevil\u3002example\u3068\u3044\u3046\u66f8\u304d\u65b9",
        "domain:evil.example",
    ),
    (
        "\u63a5\u7d9a\u5148\u306fevil.example\u3002\u6b21\u306e\u6587\u3067\u3059\u3002",
        "domain:evil.example",
    ),
    (
        "\u6dfb\u4ed8\u306e\u8acb\u6c42\u66f8.zip\u3092\u958b\u304f\u3068\u5b9f\u884c.exe\u304c"
        "\u52d5\u304d\u307e\u3059\u3002",
        "",
    ),
    ("\u300cinstall.sh\u300d\u3068update.zip\u304c\u4f5c\u6210\u3055\u308c\u308b\u3002", ""),
    (
        "\u9001\u4fe1\u5143\u306finfo@evil.example\u3067\u3059",
        "email:info@evil.example",
    ),
    (
        f"\u691c\u4f53\u306e\u30cf\u30c3\u30b7\u30e5\u5024\u306f{_SHA256}\u3067\u3059",
        f"sha256:{_SHA256}",
    ),
    (
        "\u8106\u5f31\u6027CVE-2023-4863\u306e\u60aa\u7528\u3001T1059.001(ATT&CK)",
        "cve:CVE-2023-4863 attack:T1059.001",
    ),
    (
        "\u5168\u89d2\u30cf\u30a4\u30d5\u30f3CVE\uff0d2021\uff0d44228\u3082\u8aad\u3080",
        "cve:CVE-2021-44228",
    ),
    (
        "\u53c2\u7167:https://www.example.co.jp/news/1.html\u3092\u3054\u89a7\u304f\u3060\u3055\u3044\u3002",
        "url:https://www.example.co.jp/news/1.html",
    ),
    ("\u30d0\u30fc\u30b8\u30e7\u30f310.0.19041.1\u3092\u4f7f\u7528", ""),
)
READ_IN_REPORTS = _lines(
    "en",
    ("Redirects: hxxps://a.example/go?to=https%3A%2F%2Fb.example%2Fx, then %2F%2Fc[.]example",
     "url:https://a.example/go?to=https%3A%2F%2Fb.example%2Fx domain:c.example"),
    ("1.alpha[.]example\n2.beta[.]example\n3.gamma[.]example",
     "domain:alpha.example domain:beta.example domain:gamma.example"),
    ("4.delta[.]example alone", "domain:4.delta.example"),
    ("Its options are {'Use a mutex': True, 'Offline log': True}.", ""),
    ("The run was labelled T1059.001. The next one was T1566/002.",
     "attack:T1059.001 attack:T1566.002"),
)  # fmt: skip
"""What was read wrong in real reports, in lines of our own."""

HARD_LINES = (*FILES, *DEFANGED, *PLAIN, *JAPANESE, *READ_IN_REPORTS)
