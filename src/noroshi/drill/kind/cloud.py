"""What happens in the organisation's cloud tenant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from noroshi.drill.event import Event, kind_of_event


@kind_of_event
class SignedIn(Event):
    """An account signed in to the cloud, or failed to.

    Attributes:
        login: name before the ``@``.
        address: public address from which it came, as the cloud saw it.
        application: what it signed in to.
        error: Entra's error code; 0 for success, 50126 for a wrong password, 50074 for a missing
            second factor.
        second_factor: whether the application asks for one.
        agent: user agent.
        device: name of a managed machine, empty for an unmanaged one.
        country, city: where the cloud believes the address to be.
        protocol: ``""``, ``deviceCode`` or ``ropc``.
    """

    login: str
    address: str
    application: str
    error: int = 0
    second_factor: bool = True
    agent: str = ""
    device: str = ""
    country: str = "JP"
    city: str = "Aoba"
    protocol: str = ""


@kind_of_event
class CloudAudited(Event):
    """An operation in the tenant, as the unified audit log keeps it.

    Attributes:
        operation: e.g. ``FileDownloaded``, ``New-InboxRule``, ``AnonymousLinkCreated``.
        workload: ``Exchange``, ``SharePoint``, ``OneDrive``, ``MicrosoftTeams``,
            ``AzureActiveDirectory``.
        target: what it was done to.
        details: further fields under the product's own names.
    """

    login: str
    address: str
    operation: str
    workload: str
    target: str = ""
    agent: str = ""
    details: Mapping[str, object] = field(default_factory=dict)
