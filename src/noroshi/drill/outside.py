"""The Internet at the door: visitors of the town's site, scanners, password guessers, cron."""

from __future__ import annotations

import random

from noroshi.drill.clock import HOUR, MINUTE, SECOND
from noroshi.drill.day import Day
from noroshi.drill.event import Executed, SyslogLine, WebRequest
from noroshi.drill.world import Host

_PAGES = (
    "/", "/kurashi/gomi.html", "/kurashi/jumin.html", "/kosodate/hoiku.html", "/bousai/",
    "/zei/kotei.html", "/fukushi/kaigo.html", "/gyosei/gikai.html", "/kankou/", "/saiyou.html",
    "/oshirase/20260520.html", "/form/inkan.pdf",
)  # fmt: skip
_PARTS = ("/css/main.css", "/js/menu.js", "/img/logo.png", "/img/top.jpg", "/favicon.ico")
_BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.4 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 "
    "Mobile Safari/537.36",
)
_CRAWLER = "Mozilla/5.0 (compatible; sagasu-bot/2.1; +https://search.sagasu.example/bot)"
_PROBES = (
    ("GET", "/.env", 404), ("GET", "/wp-login.php", 404), ("GET", "/admin/config.php", 404),
    ("POST", "/xmlrpc.php", 404), ("GET", "/.git/config", 403),
    ("GET", "/cgi-bin/../../../../etc/passwd", 400), ("GET", "/phpmyadmin/index.php", 404),
    ("GET", "/search?q=1%27%20UNION%20SELECT%201--", 403), ("GET", "/vendor/eval-stdin.php", 404),
    ("GET", "/manager/html", 404), ("GET", "/actuator/health", 404), ("GET", "/server-status", 403),
)  # fmt: skip
_LOGINS = ("root", "admin", "test", "ubuntu", "oracle", "git", "user", "postgres", "ftp", "pi")
_PORTS = (22, 23, 80, 443, 445, 3389, 5900, 8080, 8443, 2323, 1433, 3306, 6379, 5555, 37215)


def visitors(day: Day, count: int = 620) -> None:
    """People read the town's pages; a crawler reads all of them."""
    rng = day.stream("visitors")
    for _ in range(count):
        hour = rng.choices(range(24), _HOURS)[0]
        time = day.at(hour, 0, rng.random() * 3600)
        client, agent = f"198.51.100.{rng.randrange(100, 250)}", rng.choice(_BROWSERS)
        referer = "https://search.sagasu.example/"
        for _ in range(rng.choices((1, 2, 4), (60, 30, 10))[0]):
            page = rng.choice(_PAGES)
            request(day, client, time, page, agent, referer, rng, size=rng.randrange(4000, 60000))
            for part in rng.sample(_PARTS, rng.randrange(0, 3)):
                time += rng.randrange(30_000, 300_000)
                source = f"https://www.{day.world.domain}{page}"
                request(day, client, time, part, agent, source, rng, size=rng.randrange(900, 9000))
            referer = f"https://www.{day.world.domain}{page}"
            time += rng.randrange(8 * SECOND, 120 * SECOND)
    for index, page in enumerate(_PAGES * 6):
        time = day.at(2) + index * 19 * SECOND
        request(day, "198.51.100.253", time, page, _CRAWLER, "-", rng, size=9_000)


def probes(day: Day) -> None:
    """Scanners try what they always try; the web server says no."""
    rng = day.stream("probes")
    for _ in range(26):
        client = f"192.0.2.{rng.randrange(180, 250)}"
        time = day.at(0, 0, rng.random() * 86_000)
        agent = rng.choice(("Mozilla/5.0 zgrab/0.x", "python-requests/2.31.0", "curl/8.4.0", "-"))
        for method, path, status in rng.sample(_PROBES, rng.randrange(2, 9)):
            time += rng.randrange(100_000, 3_000_000)
            request(day, client, time, path, agent, "-", rng, method, status, 290)


def knocks(day: Day, count: int = 1600) -> None:
    """Connections from anywhere to ports that are shut: the firewall drops them."""
    rng = day.stream("knocks")
    fronts = [host.public_ip for host in day.world.hosts.values() if host.public_ip]
    for _ in range(count):
        day.flow(
            f"192.0.2.{rng.randrange(170, 254)}", f"203.0.113.{rng.randrange(1, 30)}"
            if rng.random() < 0.6 else rng.choice(fronts), rng.choice(_PORTS),
            day.at(0, 0, rng.random() * 86_399), "-", 0, 0, rng, allowed=False, duration=0,
        )  # fmt: skip


def guessers(day: Day) -> None:
    """Password guessing at the web server's SSH, open by an old mistake or shut at the door."""
    host = day.world.hosts["WWW01"]
    open_ = day.world.passes("192.0.2.100", host.public_ip, 22)
    rng = day.stream("guessers")
    for campaign in range(5):
        client = f"192.0.2.{rng.randrange(100, 170)}"
        time = day.at(3 + 4 * campaign, rng.randrange(60))
        for _ in range(rng.randrange(25, 90)):
            time += rng.randrange(1_500_000, 6_000_000)
            pid = 2000 + day.serial("pid", host)
            flow = day.flow(
                client, host.public_ip, 22, time, "ssh", 2_300, 2_900, rng,
                duration=2 * SECOND, nat=host.ip, allowed=open_,
            )  # fmt: skip
            login = rng.choice(_LOGINS)
            known = "" if login == "root" else "invalid user "
            if not open_:
                continue
            text = f"Failed password for {known}{login} from {client} port {flow.sport} ssh2"
            day.add(
                SyslogLine(time=time + SECOND, host=host, program="sshd", pid=pid, message=text)
            )


def housekeeping(day: Day, admin: Host | None) -> None:
    """Cron on the web server, and the administrator who logs in with a key twice."""
    host = day.world.hosts["WWW01"]
    rng = day.stream("cron", host.name)
    for quarter in range(96):
        time = day.at(0, 0, 1) + quarter * 15 * MINUTE
        pid = 2000 + day.serial("pid", host)
        text = "(root) CMD (/usr/local/sbin/rotate-cache)"
        day.add(SyslogLine(time=time, host=host, program="CRON", pid=pid, message=text))
        execute(day, host, time + 40_000, pid, 1, 0, 4294967295, ("/bin/sh", "-c", "rotate-cache"))
    for hour in (9, 16) if admin else ():
        time = day.at(hour, 20) + rng.randrange(MINUTE)
        assert admin
        flow = day.flow(admin, host.ip, 22, time, "ssh", 9_000, 31_000, rng, duration=9 * MINUTE)
        pid = 2000 + day.serial("pid", host)
        for delay, text in (
            (1, f"Accepted publickey for webadmin from {admin.ip} port {flow.sport} ssh2"),
            (1.1, "pam_unix(sshd:session): session opened for user webadmin(uid=1001) by (uid=0)"),
            (540, "pam_unix(sshd:session): session closed for user webadmin"),
        ):
            moment = time + round(delay * SECOND)
            day.add(SyslogLine(time=moment, host=host, program="sshd", pid=pid, message=text))
        for index, line in enumerate((("/usr/bin/ls", "/var/www"), ("/usr/bin/tail", "error.log"))):
            execute(day, host, time + (20 + index) * SECOND, pid + 1, pid, 1001, 1001, line)
        command = (
            "webadmin : TTY=pts/0 ; PWD=/home/webadmin ; USER=root ; COMMAND=/usr/bin/apt update"
        )
        day.add(
            SyslogLine(time=time + HOUR // 20, host=host, program="sudo", pid=pid, message=command)
        )
        execute(day, host, time + HOUR // 20, pid + 2, pid, 0, 1001, ("/usr/bin/apt", "update"))


_HOURS = (3, 2, 1, 1, 1, 2, 4, 8, 14, 16, 15, 14, 18, 14, 13, 13, 12, 11, 12, 14, 14, 12, 8, 5)


def request(
    day: Day, client: str, time: int, path: str, agent: str, referer: str, rng: random.Random,
    method: str = "GET", status: int = 200, size: int = 8_000,
) -> None:  # fmt: skip
    """Ask the town's web server for something."""
    host = day.world.hosts["WWW01"]
    flow = day.flow(client, host.public_ip, 443, time, "ssl", 1_100, size + 1_900, rng, nat=host.ip)
    day.add(
        WebRequest(
            time=time + 15_000, flow=flow, method=method, path=path, status=status, size=size,
            agent=agent, referer=referer,
        )
    )  # fmt: skip


def execute(
    day: Day, host: Host, time: int, pid: int, ppid: int, uid: int, login_uid: int,
    arguments: tuple[str, ...],
) -> None:  # fmt: skip
    """Run a program on a Linux host, seen by its audit system."""
    program = "/usr/bin/dash" if arguments[0] == "/bin/sh" else arguments[0]
    serial = day.serial("audit", host, 8_100 + 2_300 * day.number)
    day.add(
        Executed(
            time=time, host=host, serial=serial, pid=pid, ppid=ppid, uid=uid,
            login_uid=login_uid, program=program, arguments=arguments,
        )
    )  # fmt: skip
