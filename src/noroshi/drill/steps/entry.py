"""Ways in: mail, web, borrowed accounts, flaws, sticks, suppliers (TA0001)."""

from __future__ import annotations

from noroshi.drill import software
from noroshi.drill.act.endpoint import plug_in
from noroshi.drill.act.tunnels import dial_in, turned_away
from noroshi.drill.clock import HOUR, MINUTE, SECOND
from noroshi.drill.intruder.holdings import Foothold
from noroshi.drill.outside import request
from noroshi.drill.post import mail
from noroshi.drill.software import Program
from noroshi.drill.steps.act import INERT, Act
from noroshi.drill.steps.step import Gift, Need, Slip, Tactic, step
from noroshi.lang import N_, Message

_ENTRY = Tactic.INITIAL_ACCESS
_FAILED_CHECKS = "spf=softfail; dkim=none; dmarc=fail"
_MACRO = "application/vnd.ms-excel.sheet.macroEnabled.12"
UPDATER = Program(
    "C:\\Program Files\\ShisanKanri\\skupdate.exe",
    marker="an update of the asset agent that was tampered with; does nothing",
)
STICK = Program(
    "C:\\Users\\Public\\Libraries\\viewer.exe",
    marker="a viewer from a supplier's stick; does nothing",
)


def send(act: Act, body: str, attachment: tuple[str, str] | None, content: bytes = b"") -> None:
    """Deliver the scenario's mail to the desk."""
    desk, site = act.at_desk(), act.where()
    mail(
        act.day,
        act.time,
        act.text("name", "株式会社みなみ事務機 経理担当"),
        act.text("sender", "keiri@minami-jimukl.example"),
        site.ip,
        act.text("charset", "iso-2022-jp"),
        [desk.person],
        act.text("subject", "【再送】5月分ご請求書の送付について"),
        f"{desk.person.department} {desk.person.family}様\n\n{act.text('body', body)}",
        checks=act.text("checks", _FAILED_CHECKS),
        attachment=attachment,
        content=content,
    )
    act.ends = act.time + 2 * SECOND


@step(
    "mail-attachment",
    "T1566.001",
    _ENTRY,
    N_("A mail with a macro attachment arrives"),
    needs=(Need.OUTSIDE,),
    leaves=("mail", "attachment digest"),
)
def mail_attachment(act: Act) -> None:
    """A mail from a look-alike sender, with a file that asks to be opened."""
    name = act.text("file", "請求書_2026年5月分.xlsm")
    content = (
        f"{INERT}. 訓練用の無害なファイルです。物語の中では、ここに悪意のあるマクロが入っています。"
    ).encode()
    send(
        act,
        "請求書をお送りいたします。本日中に金額のご確認をお願いできますでしょうか。",
        (name, _MACRO),
        content,
    )


@step(
    "mail-link",
    "T1566.002",
    _ENTRY,
    N_("A mail with a link to a false page arrives"),
    needs=(Need.OUTSIDE,),
    leaves=("mail",),
)
def mail_link(act: Act) -> None:
    """A mail that leads to a page; the page exists in the story only."""
    link = f"https://{act.text('link', 'login.portal-kakunin.example')}/"
    send(act, f"下記より本日中にご確認ください。\n{link}\n（訓練用。実在しません）", None)


@step(
    "vpn-flaw",
    "T1190",
    _ENTRY,
    N_("A flaw of the VPN gateway is used to get in"),
    needs=(Need.FLAW, Need.TARGET),
    gives=(Gift.FOOTHOLD,),
    leaves=("gateway log", "firewall log"),
)
def vpn_flaw(act: Act) -> None:
    """Odd requests, a crash, and a session that nobody opened by logging in."""
    site, rng = act.where(), act.rng
    for number in range(3):
        act.day.flow(
            site.ip,
            act.host.public_ip or act.host.ip,
            443,
            act.time + number * 4 * SECOND,
            "ssl",
            4_800 + number * 900,
            2_100,
            rng,
            nat=act.host.ip,
            duration=SECOND,
        )
    said = f"sslvpnd: request from {site.ip} ended with signal 11; daemon restarted"
    act.say(act.time + 9 * SECOND, "sslvpnd", said)
    said = f"sslvpnd: session opened for user local-admin from {site.ip} without authentication"
    act.say(act.time + 31 * SECOND, "sslvpnd", said)
    act.gained = Foothold(act.host, act.time + 31 * SECOND)
    act.ends = act.time + MINUTE


def _guess(act: Act) -> None:
    turned_away(act.day, act.who().login, act.where().ip, act.time)


@step(
    "vpn-account",
    "T1133",
    _ENTRY,
    N_("A borrowed account dials in to the VPN"),
    needs=(Need.ACCOUNT,),
    gives=(Gift.FOOTHOLD,),
    leaves=("gateway log",),
    slip=Slip(0.5, Message(N_("the password was mistyped")), _guess),
)
def vpn_account(act: Act) -> None:
    """A session from an address at which that person has never been."""
    lasts = act.number("minutes", 360) * MINUTE
    tunnel = dial_in(
        act.day,
        act.who().login,
        act.where().ip,
        act.time,
        min(lasts, act.until - act.time),
        machine=act.text("machine", "DESKTOP-7K2"),
    )
    act.gained = Foothold(tunnel.host, act.time, account=act.who())
    act.ends = act.time + MINUTE


@step(
    "trusted-vendor",
    "T1199",
    _ENTRY,
    N_("A supplier's maintenance access is misused"),
    needs=(Need.ACCOUNT, Need.TARGET),
    gives=(Gift.FOOTHOLD,),
    leaves=("gateway log", "logon"),
)
def trusted_vendor(act: Act) -> None:
    """Remote maintenance at an hour when nobody had asked for it."""
    tunnel = dial_in(
        act.day,
        act.who().login,
        act.where().ip,
        act.time,
        2 * HOUR,
        machine=act.text("machine", "HOSHU-PC3"),
    )
    time = act.time + 2 * MINUTE
    session = act.day.logon(act.host, act.who(), time, kind=10, origin=tunnel.host)
    act.day.flow(
        tunnel.host,
        act.host.ip,
        3389,
        time - SECOND,
        "rdp",
        900_000,
        6_000_000,
        act.rng,
        duration=90 * MINUTE,
        sport=session.port,
    )
    explorer = act.day.start(
        session,
        software.EXPLORER,
        software.EXPLORER.path,
        time + 6 * SECOND,
        act.day.system(act.host, "winlogon.exe"),
    )
    act.hold(explorer)


@step(
    "usb-stick",
    "T1091",
    _ENTRY,
    N_("A supplier's stick brings a program along"),
    needs=(Need.PERSON,),
    gives=(Gift.FOOTHOLD,),
    leaves=("device record", "process", "file digest"),
)
def usb_stick(act: Act) -> None:
    """Somebody opens what lies on the stick."""
    desk = act.at_desk()
    plug_in(
        act.day,
        desk,
        act.time,
        label=act.text("label", "SEKKEI"),
        files=((act.text("file", "図面一覧.lnk"), f"{INERT}: a shortcut".encode()),),
    )
    begin = act.time + 50 * SECOND
    act.plant(desk.explorer, STICK, begin)
    process = act.day.start(
        desk.session,
        STICK,
        STICK.path,
        begin + 2 * SECOND,
        desk.explorer,
        folder=f"C:\\Users\\{desk.person.login}\\",
    )
    act.hold(process)


@step(
    "poisoned-update",
    "T1195.002",
    _ENTRY,
    N_("An update from a supplier brings a program along"),
    needs=(Need.OUTSIDE,),
    gives=(Gift.FOOTHOLD,),
    leaves=("proxy log", "process", "file digest"),
)
def poisoned_update(act: Act) -> None:
    """The asset agent fetches its update, as it always does; this time it is another one."""
    agent = act.day.system(act.host, "skagent.exe")
    got = act.day.fetch(
        agent,
        act.where(),
        act.time,
        path="/agent/8.2.2/skupdate.cab",
        received=2_400_000,
        sent=800,
        lasts=5 * SECOND,
        mime="application/vnd.ms-cab-compressed",
    )
    act.plant(agent, UPDATER, got.time + SECOND)
    process = act.day.start(agent.session, UPDATER, UPDATER.path, got.time + 4 * SECOND, agent)
    act.hold(process)


@step(
    "web-flaw",
    "T1190",
    _ENTRY,
    N_("A flaw of the web server is used to run commands"),
    needs=(Need.FLAW, Need.TARGET),
    gives=(Gift.FOOTHOLD,),
    leaves=("access log", "audit log"),
)
def web_flaw(act: Act) -> None:
    """A hundred tries of a scanner, one of which is answered with 200."""
    site, rng = act.where(), act.rng
    for number in range(12):
        last = number == 11
        request(
            act.day,
            site.ip,
            act.time + number * 3 * SECOND,
            "/form/upload.cgi?file=%7B%7Bdrill%7D%7D" if last else f"/form/upload.cgi?id={number}",
            "python-requests/2.31.0",
            "-",
            rng,
            "POST",
            200 if last else 500,
            310,
        )
    act.time += 37 * SECOND
    act.execute((0, ("/bin/sh", "-c", "id")), (1, ("/usr/bin/id",)))
    act.gained = Foothold(act.host, act.time)


@step(
    "drive-by",
    "T1189",
    _ENTRY,
    N_("A page that was tampered with brings a program along"),
    needs=(Need.PERSON, Need.OUTSIDE),
    gives=(Gift.FOOTHOLD,),
    leaves=("proxy log", "process"),
)
def drive_by(act: Act) -> None:
    """The browser fetches a false update and the reader starts it."""
    desk = act.at_desk()
    got = act.day.fetch(
        desk.browser,
        act.where(),
        act.time,
        path="/update/browser.js",
        received=310_000,
        lasts=SECOND,
        mime="text/javascript",
    )
    act.day.write(
        desk.browser,
        software.IMPLANT.path,
        got.time + 20 * SECOND,
        software.IMPLANT.content,
        zone=True,
    )
    process = act.day.start(
        desk.session, software.IMPLANT, software.IMPLANT.path, got.time + 40 * SECOND, desk.explorer
    )
    act.hold(process)


@step(
    "insider",
    "T1078.002",
    _ENTRY,
    N_("A member of staff uses their own account against rules"),
    needs=(Need.PERSON,),
    gives=(Gift.FOOTHOLD, Gift.ACCOUNT),
    leaves=("logon",),
    silent=N_("The logon is an ordinary one: only what is done with it shows."),
)
def insider(act: Act) -> None:
    """No way in is needed by who sits at the desk."""
    desk = act.at_desk()
    act.gained = Foothold(desk.host, act.time, desk.session, desk.explorer, desk.account)
    act.ends = act.time + SECOND
