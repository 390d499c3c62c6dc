"""The cloud tenant: sign-ins from office and home, shared files, an intruder's doings."""

from __future__ import annotations

from noroshi.drill.act.places import border, egress
from noroshi.drill.clock import MINUTE, SECOND
from noroshi.drill.day import Day
from noroshi.drill.dice import near
from noroshi.drill.kind.cloud import CloudAudited, SignedIn
from noroshi.drill.kind.network import Tunnel
from noroshi.drill.rhythm import bursts
from noroshi.drill.staff import Desk
from noroshi.drill.world import Site
from noroshi.drill.world.tenant import SIGN_IN, shared_space

WRONG_PASSWORD = 50126
NO_SECOND_FACTOR = 50074
OFFICE_AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Safari/537.36 Edg/124.0.2478.80"
)
_APPLICATIONS = ("Microsoft Teams", "Office 365 SharePoint Online", "OfficeHome")
_OPERATIONS = (
    ("FileAccessed", "SharePoint"), ("FileModified", "SharePoint"), ("FileDownloaded", "OneDrive"),
    ("FileUploaded", "OneDrive"), ("MessageSent", "MicrosoftTeams"),
    ("TeamsSessionStarted", "MicrosoftTeams"), ("FileAccessed", "OneDrive"),
)  # fmt: skip
_FILES = ("打合せメモ.docx", "予定表.xlsx", "当番表.xlsx", "説明資料.pptx", "様式集.docx")


def sign_in(
    day: Day, login: str, time: int, *, address: str, application: str = "OfficeHome",
    error: int = 0, second_factor: bool = True, agent: str = OFFICE_AGENT, device: str = "",
    country: str = "JP", city: str = "Aoba", protocol: str = "",
) -> SignedIn:  # fmt: skip
    """Sign an account in to the cloud, or have it refused (``error``, see :class:`SignedIn`)."""
    event = SignedIn(
        time=time, login=login, address=address, application=application, error=error,
        second_factor=second_factor, agent=agent, device=device, country=country, city=city,
        protocol=protocol,
    )  # fmt: skip
    day.add(event)
    return event


def cloud_audit(
    day: Day, login: str, time: int, operation: str, workload: str, *, address: str,
    target: str = "", agent: str = OFFICE_AGENT, **details: object,
) -> CloudAudited:  # fmt: skip
    """Let an account do something in the tenant; ``details`` are the product's own fields."""
    event = CloudAudited(
        time=time, login=login, address=address, operation=operation, workload=workload,
        target=target, agent=agent, details=details,
    )  # fmt: skip
    day.add(event)
    return event


def forwarding_rule(
    day: Day, login: str, time: int, *, address: str, to: str, words: tuple[str, ...] = (),
    agent: str = "Client=OWA;Action=ViaProxy",
) -> CloudAudited:  # fmt: skip
    """Make an inbox rule that forwards mail outside and hides it, as mail fraud does."""
    parameters = [
        {"Name": "Name", "Value": "."}, {"Name": "ForwardTo", "Value": to},
        {"Name": "SubjectOrBodyContainsWords", "Value": ";".join(words)},
        {"Name": "MoveToFolder", "Value": "RSS フィード"},
        {"Name": "StopProcessingRules", "Value": "True"},
    ]  # fmt: skip
    return cloud_audit(
        day, login, time, "New-InboxRule", "Exchange", address=address, target=f"{login}\\.",
        agent=agent, Parameters=parameters,
    )  # fmt: skip


def share_with_everyone(
    day: Day, login: str, time: int, *, address: str, target: str
) -> CloudAudited:
    """Make a link that anybody can open: the misconfiguration story, or an oversight."""
    return cloud_audit(
        day, login, time, "AnonymousLinkCreated", "OneDrive", address=address, target=target,
        EventData="<Type>View</Type><ExpirationDate></ExpirationDate>",
    )  # fmt: skip


def office_sign_in(day: Day, desk: Desk, time: int) -> SignedIn:
    """Sign in from the office: the cloud sees the address by which the browser goes out."""
    rng = day.stream("cloud", desk.person.login)
    done, address = visit(
        day, desk, SIGN_IN, time, sent=4_200, received=38_000,
        lasts=rng.randrange(SECOND, 4 * SECOND), method="POST",
    )  # fmt: skip
    return sign_in(
        day, desk.person.login, done - rng.randrange(200_000, 900_000),
        address=address, application=rng.choice(_APPLICATIONS),
        second_factor=rng.random() < 0.3, device=desk.host.name,
    )  # fmt: skip


def visit(
    day: Day, desk: Desk, site: Site, time: int, *, sent: int, received: int,
    lasts: int | None = None, method: str = "GET",
) -> tuple[int, str]:  # fmt: skip
    """Use a service of the cloud from a desk: by the proxy, or past it where it is named.

    Returns:
        When it was done (µs), and the public address that the service saw.
    """
    host = desk.office.host
    if not day.world.breaks_out(host, site):
        request = day.fetch(
            desk.browser, site, time, sent=sent, received=received, lasts=lasts, method=method
        )
        return request.time, egress(day.world)
    rng = day.stream("breakout", host.name)
    firewall = border(day.world)
    known = day.resolve(host, site.name, site.ip, time, desk.office)
    flow = day.flow(
        host, site.ip, 443, known, "ssl", near(rng, sent), near(rng, received), rng,
        name=site.name, duration=lasts, process=desk.office, nat=firewall.public_ip,
    )  # fmt: skip
    return known + flow.duration, firewall.public_ip


def cloud_work(day: Day, desk: Desk) -> None:
    """Sign in in the morning, mistype at times, and use shared files and chats."""
    login = desk.person.login
    rng = day.stream("cloud", login)
    time = desk.begins + rng.randrange(20 * SECOND, 40 * MINUTE)
    signed = office_sign_in(day, desk, time)
    if rng.random() < 0.12:
        sign_in(
            day, login, signed.time - rng.randrange(8, 30) * SECOND, address=signed.address,
            application=signed.application, error=WRONG_PASSWORD, device=desk.host.name,
        )  # fmt: skip
    space = shared_space(day.world.netbios)
    for moment in bursts(
        rng, signed.time + MINUTE, desk.leaves - MINUTE, rng.randrange(3, 9), quiet=desk.quiet
    ):
        operation, workload = rng.choice(_OPERATIONS)
        done, address = visit(day, desk, space, moment, sent=2_900, received=41_000)
        cloud_audit(
            day, login, done, operation, workload, address=address,
            target=_target(space, desk, workload, rng.choice(_FILES)),
        )  # fmt: skip


def evening_cloud(day: Day, tunnel: Tunnel) -> None:
    """Who works from home signs in from there too: not through the tunnel, but beside it."""
    rng = day.stream("cloud", tunnel.login)
    time = tunnel.started + rng.randrange(40 * SECOND, 4 * MINUTE)
    sign_in(day, tunnel.login, time, address=tunnel.remote, application="Microsoft Teams")
    cloud_audit(
        day, tunnel.login, time + 9 * SECOND, "TeamsSessionStarted", "MicrosoftTeams",
        address=tunnel.remote,
    )  # fmt: skip


def _target(space: Site, desk: Desk, workload: str, name: str) -> str:
    if workload == "MicrosoftTeams":
        return ""
    where = "personal/" + desk.person.login.replace(".", "_") if workload == "OneDrive" else (
        f"sites/{desk.person.department}"
    )  # fmt: skip
    return f"https://{space.name}/{where}/Documents/{name}"
