"""Gathering, and carrying away (TA0009, TA0010)."""

from __future__ import annotations

from noroshi.drill import software
from noroshi.drill.act.cloud import cloud_audit, share_with_everyone
from noroshi.drill.act.endpoint import plug_in, print_out
from noroshi.drill.act.sector import open_chart
from noroshi.drill.clock import MINUTE, SECOND
from noroshi.drill.post import mail
from noroshi.drill.steps.act import INERT, Act
from noroshi.drill.steps.step import Gift, Need, Tactic, step
from noroshi.lang import N_

_GATHER, _CARRY = Tactic.COLLECTION, Tactic.EXFILTRATION
_PART = 236_000_000
_FOLDER = "C:\\ProgramData\\sync\\"


def _packed(part: int) -> bytes:
    return f"{INERT}: part {part} of a packed archive".encode()


@step(
    "archive",
    "T1560.001",
    _GATHER,
    N_("Files are packed into an archive with a password"),
    needs=(Need.FOOTHOLD, Need.CHANNEL),
    gives=(Gift.RECORDS,),
    harm=5.0,
    leaves=("process", "files"),
)
def archive(act: Act) -> None:
    """An archiver under another name, parts of 225 MB."""
    above = act.process()
    act.plant(above, software.ARCHIVER, act.time)
    line = (
        f"{software.ARCHIVER.path} a -mx1 -v225m -pNoroshiDrill {_FOLDER}d01.7z "
        f"D:\\share\\{act.data[0] if act.data else '総務課'}\\"
    )
    packing = act.day.run(
        above.session, software.ARCHIVER, line, act.time + 20 * SECOND, above, 48 * MINUTE
    )
    for part in range(1, 5):
        path = f"{_FOLDER}d01.7z.{part:03d}"
        act.day.write(packing, path, act.time + part * 11 * MINUTE, _packed(part))
    act.ends = act.time + 49 * MINUTE


@step(
    "collect",
    "T1039",
    _GATHER,
    N_("The archive is fetched to the first machine"),
    needs=(Need.FOOTHOLD, Need.CHANNEL, Need.ACCOUNT, Need.TARGET, Need.RECORDS),
    harm=5.0,
    leaves=("share access", "files"),
)
def collect(act: Act) -> None:
    """Over the administrative share."""
    home = act.base()
    act.day.open_share(
        home.host,
        act.who(),
        act.host,
        "C$",
        act.time,
        sent=2_100_000,
        received=4 * _PART,
        targets=tuple(f"ProgramData\\sync\\d01.7z.{part:03d}" for part in range(1, 5)),
        lasts=9 * MINUTE,
        process=home.process,
    )
    for part in range(1, 5):
        path = f"C:\\Users\\Public\\Libraries\\d01.7z.{part:03d}"
        act.day.write(act.process(), path, act.time + part * 2 * MINUTE, _packed(part))
    act.ends = act.time + 10 * MINUTE


@step(
    "share-data",
    "T1039",
    _GATHER,
    N_("Files are copied from the file server in bulk"),
    needs=(Need.FOOTHOLD, Need.ACCOUNT, Need.TARGET),
    gives=(Gift.RECORDS,),
    harm=5.0,
    leaves=("share access", "connection"),
)
def share_data(act: Act) -> None:
    """Folder by folder, of departments that are not one's own."""
    rooms = act.data or ("税務課", "住民課")
    targets = tuple(f"{room}\\台帳_{number:02d}.xlsx" for room in rooms for number in range(1, 16))
    act.day.open_share(
        act.base().host,
        act.who(),
        act.host,
        "share",
        act.time,
        targets=targets,
        sent=3_000_000,
        received=1_900_000_000,
        lasts=25 * MINUTE,
        process=act.base().process,
    )
    act.ends = act.time + 26 * MINUTE


@step(
    "local-data",
    "T1005",
    _GATHER,
    N_("Data of the machine itself is gathered"),
    needs=(Need.FOOTHOLD,),
    gives=(Gift.RECORDS,),
    harm=5.0,
    leaves=("audit log",),
)
def local_data(act: Act) -> None:
    """A dump of the web server's form data."""
    act.execute((0, ("/usr/bin/tar", "czf", "/tmp/.b.tgz", "/var/lib/form")), uid=0)  # noqa: S108
    act.ends = act.time + 4 * MINUTE


@step(
    "charts",
    "T1213",
    _GATHER,
    N_("Records of many people are looked up one after another"),
    needs=(Need.FOOTHOLD,),
    gives=(Gift.RECORDS,),
    harm=8.0,
    leaves=("application log",),
)
def charts(act: Act) -> None:
    """Under one login, faster than anybody reads."""
    account = act.account or act.base().account
    login, time = account.login if account else "unknown", act.time
    for number in range(act.number("records", 60)):
        time += act.rng.randrange(5 * SECOND, 15 * SECOND)
        open_chart(
            act.day, login, time, act.host, f"{70_000 + number * 37}", action="出力", reason="-"
        )
    act.ends = time


@step(
    "mailbox",
    "T1114.002",
    _GATHER,
    N_("A mailbox in the cloud is read from abroad"),
    needs=(Need.ACCOUNT, Need.OUTSIDE),
    gives=(Gift.RECORDS,),
    harm=5.0,
    leaves=("cloud audit log",),
)
def mailbox(act: Act) -> None:
    """Folder after folder, searched for words about money."""
    for number in range(8):
        cloud_audit(
            act.day,
            act.who().login,
            act.time + number * 40 * SECOND,
            "MailItemsAccessed",
            "Exchange",
            address=act.where().ip,
            target="Inbox",
        )
    act.ends = act.time + 6 * MINUTE


@step(
    "cloud-files",
    "T1530",
    _GATHER,
    N_("Files in cloud storage are fetched by strangers"),
    needs=(Need.OUTSIDE,),
    gives=(Gift.RECORDS,),
    harm=20.0,
    leaves=("cloud audit log",),
)
def cloud_files(act: Act) -> None:
    """Through a link that anybody can open."""
    names = act.data or ("住民アンケート",)
    for number in range(24):
        time = act.time + number * 30 * SECOND
        cloud_audit(
            act.day,
            "anonymous",
            time,
            "FileDownloaded",
            "SharePoint",
            address=act.where().ip,
            target=f"{names[0]}/名簿_{number:02d}.xlsx",
        )
    act.ends = act.time + 13 * MINUTE


@step(
    "open-link-public",
    "T1213.002",
    _GATHER,
    N_("A folder in the cloud is opened to everybody by mistake"),
    needs=(Need.PERSON,),
    leaves=("cloud audit log",),
)
def open_link_public(act: Act) -> None:
    """A link without a date of expiry."""
    desk = act.at_desk()
    name = act.data[0] if act.data else "住民アンケート"
    share_with_everyone(act.day, desk.person.login, act.time, address="203.0.113.2", target=name)
    act.ends = act.time + MINUTE


def _send_parts(act: Act, size: int, gap: int) -> None:
    for part in range(4):
        time = act.time + part * gap + act.rng.randrange(SECOND)
        act.blow(time)
        if not act.gone(time) and not act.cut_off(time):
            act.day.fetch(
                act.process(),
                act.where(),
                time,
                sent=size + part * 4_096,
                received=58_000,
                lasts=6 * MINUTE,
                refused=act.blocked(act.where(), time),
            )
    act.ends = act.time + 4 * gap


_GONE = (Need.FOOTHOLD, Need.OUTSIDE, Need.RECORDS)


@step(
    "exfil-storage",
    "T1567.002",
    _CARRY,
    N_("The archive leaves to a storage service"),
    needs=_GONE,
    harm=40.0,
    leaves=("proxy log", "connections"),
)
def exfil_storage(act: Act) -> None:
    """Four large uploads."""
    _send_parts(act, _PART, 9 * MINUTE)


@step(
    "exfil-channel",
    "T1041",
    _CARRY,
    N_("Data leaves through the channel that orders come by"),
    needs=_GONE,
    harm=30.0,
    leaves=("proxy log", "connections"),
)
def exfil_channel(act: Act) -> None:
    """Four middling uploads."""
    _send_parts(act, 48_000_000, 12 * MINUTE)


@step(
    "exfil-server",
    "T1048",
    _CARRY,
    N_("A server sends data straight to the outside"),
    needs=_GONE,
    harm=25.0,
    leaves=("firewall log", "connections"),
)
def exfil_server(act: Act) -> None:
    """Past the proxy."""
    site, host = act.where(), act.base().host
    for part in range(3):
        time = act.time + part * 5 * MINUTE
        act.blow(time)
        if not act.gone(time) and not act.cut_off(time):
            act.day.flow(
                host,
                site.ip,
                443,
                time,
                "ssl",
                61_000_000,
                40_000,
                act.rng,
                nat=host.public_ip,
                duration=3 * MINUTE,
                allowed=not act.blocked(site, time),
            )
    act.ends = act.time + 15 * MINUTE


@step(
    "exfil-stick",
    "T1052.001",
    _CARRY,
    N_("Data is carried out on a private stick"),
    needs=(Need.PERSON, Need.FOOTHOLD, Need.RECORDS),
    harm=40.0,
    leaves=("device record",),
)
def exfil_stick(act: Act) -> None:
    """An unregistered stick late in the evening."""
    plug_in(act.day, act.at_desk(), act.time, label=act.text("label", "SILICON"), serial="5B1C77E0")
    act.blow(act.time + 5 * MINUTE)
    act.ends = act.time + 6 * MINUTE


@step(
    "exfil-mail",
    "T1048.003",
    _CARRY,
    N_("Data is sent to a private mailbox"),
    needs=(Need.PERSON, Need.FOOTHOLD, Need.OUTSIDE),
    harm=15.0,
    leaves=("proxy log",),
)
def exfil_mail(act: Act) -> None:
    """Through a web mail page, in the office's browser."""
    act.day.fetch(
        act.at_desk().browser,
        act.where(),
        act.time,
        sent=24_000_000,
        received=9_000,
        lasts=MINUTE,
        method="POST",
        refused=act.blocked(act.where(), act.time),
    )
    act.blow(act.time)
    act.ends = act.time + 2 * MINUTE


@step(
    "print-lists",
    "T1119",
    _GATHER,
    N_("Lists of people are printed by night"),
    needs=(Need.PERSON, Need.FOOTHOLD),
    harm=5.0,
    leaves=("print log",),
)
def print_lists(act: Act) -> None:
    """Hundreds of pages."""
    print_out(act.day, act.process(), act.time, act.data[0] if act.data else "名簿.xlsx", 240)
    act.ends = act.time + 20 * MINUTE


@step(
    "tell-partner",
    "T1534",
    Tactic.LATERAL_MOVEMENT,
    N_("A mail in a colleague's name asks for money"),
    needs=(Need.ACCOUNT, Need.OUTSIDE),
    leaves=("mail",),
)
def tell_partner(act: Act) -> None:
    """From the real mailbox, to the accounts."""
    desk = act.at_desk()
    sender = next(p for p in act.day.world.people if p.login == act.who().login)
    mail(
        act.day,
        act.time,
        sender.name,
        sender.mail,
        act.where().ip,
        "utf-8",
        [desk.person],
        act.text("subject", "【至急】振込先口座変更のご連絡"),
        act.text("body", "下記のとおり振込先が変更となりました。本日中にお願いします。（訓練用）"),
    )
    act.ends = act.time + 2 * SECOND
