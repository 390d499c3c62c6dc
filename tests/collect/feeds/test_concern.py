"""What arrives by a feed and is the organisation's business is told at once, and once."""

from __future__ import annotations

import json

import pytest
from tests.collect.feeds import samples
from tests.collect.feeds.conftest import Desk, Web

from noroshi.lang import render

NOW = 1_772_400_000_000_000
"""1 March 2026, a month after the samples were made known."""


@pytest.fixture
def town(desk: Desk) -> Desk:
    desk.workspace.home.mkdir(exist_ok=True, parents=True)
    desk.workspace.profile.write_text(
        "name: Saida Town\nproducts: [Example Gateway]\ndomains: [saida.example]\n"
    )
    desk.now = NOW
    return desk


def told(desk: Desk) -> list[str]:
    hits = desk.workspace.watch.hits()
    return [f"{render(hit.how, 'en')}; {render(hit.origin, 'en')}" for hit in hits]


def news(text: str) -> bytes:
    item = f"<item><title>News</title><description>{text}</description></item>"
    return f"<rss><channel>{item}</channel></rss>".encode()


def test_a_new_flaw_in_what_we_use(town: Desk, web: Web) -> None:
    web.said["/kev"] = json.dumps(samples.KEV).encode()
    town.add("kev", "kev", web("/kev"))
    town.pull("kev")
    [one] = told(town)
    assert one.startswith("CVE-2026-11111 is known to be used in attacks and is in Example Gateway")
    web.said["/kev"] = json.dumps(samples.KEV).encode() + b" "
    town.pull("kev")
    assert len(told(town)) == 1


def test_an_old_flaw_is_no_news(town: Desk, web: Web) -> None:
    town.now = NOW + 365 * 86_400_000_000
    web.said["/kev"] = json.dumps(samples.KEV).encode()
    town.add("kev", "kev", web("/kev"))
    assert town.pull("kev").new == 1
    assert told(town) == []


def test_a_report_on_a_flaw_that_a_catalogue_knows(town: Desk, web: Web) -> None:
    town.now = NOW + 365 * 86_400_000_000
    web.said |= {
        "/kev": json.dumps(samples.KEV).encode(),
        "/news": news("They came in through CVE-2026-11111."),
    }
    town.add("kev", "kev", web("/kev"))
    town.add("news", "rss", web("/news"))
    town.pull("kev")
    town.pull("news")
    [one] = told(town)
    assert "CVE-2026-11111 is known to be used in attacks since 2026-02-01" in one
    assert "report “News”, retrieved from news" in one
    assert town.workspace.watch.hits()[0].quote == "They came in through CVE-2026-11111."


@pytest.mark.parametrize(
    "text", ["They came in through CVE-2026-55555.", "The weather was fine.", "Other Gateway 9."]
)
def test_what_concerns_others_is_not_told(town: Desk, web: Web, text: str) -> None:
    web.said["/news"] = news(text)
    town.add("news", "rss", web("/news"))
    assert town.pull("news").new == 1
    assert told(town) == []
