"""What the browser tests stand on: `python -m bot demo` in a process and a folder of its own, and a
page that is watched. Complaints in the console, failed requests and anything that leaves loopback
fail the test that saw them. `PICTURES=docs/images make browser` also takes the pictures for README.
"""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Page, Request, Response, async_playwright

from tests.browser.album import Album
from tests.browser.handset import Handset, patient

ROOT = Path(__file__).parents[2]
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # Whatever the browser thinks of by itself, it finds nobody but this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
WIDE = {"width": 1000, "height": 980}

ERRORS_IN_THE_JOURNAL = "fetch('/sandbox/journal?event=error').then((answer) => answer.json())"
RECORD_LOCKED_SCREENS = """
window.onLockedScreens = [];
new MutationObserver(() => {
  for (const note of document.querySelectorAll(".notes li")) {
    const [bot, how, words] = [...note.children].map((part) => part.textContent);
    const column = note.closest(".column");
    const whose = column.querySelector('.tabs [aria-pressed="true"]')?.textContent ?? "";
    const shown = { whose, bot, how: how.split(" ")[0], words };
    const seen = JSON.stringify(shown);
    if (!window.onLockedScreens.some((one) => JSON.stringify(one) === seen)) {
      window.onLockedScreens.push(shown);
    }
  }
}).observe(document, { childList: true, subtree: true });
"""


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo: where its page is, and what it has printed so far."""

    url: str
    printed: list[str]


@pytest.fixture
def drafts() -> Path:
    """The folder with `flows` and `locales` that the demo plays; a test that edits takes a copy."""
    return ROOT


@pytest.fixture
async def demo(tmp_path: Path, drafts: Path) -> AsyncIterator[Demo]:
    """The demo, started as a newcomer does and ended by Ctrl+C; it must have had no complaint."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error::ResourceWarning", "-m", "bot", "demo"),
        cwd=tmp_path,
        env={
            **os.environ,
            "PORT": "0",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "WAYMARK_FLOWS": str(drafts / "flows"),
            "WAYMARK_LOCALES": str(drafts / "locales"),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    printed: list[str] = []
    try:
        async with asyncio.timeout(90):
            while not (printed and "Ctrl+C" in printed[-1]):
                line = await process.stdout.readline()
                assert line, f"the demo did not start: {printed}"
                printed.append(line.decode().rstrip())
        found = re.search(r"http://127\.0\.0\.1:\d+", printed[0])
        assert found, printed
        yield Demo(found[0], printed)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        async with asyncio.timeout(30):
            rest = (await process.stdout.read()).decode()
            code = await process.wait()
    assert (code, rest) == (0, "")
    left = await asyncio.to_thread(lambda: list(tmp_path.iterdir()))
    assert left == [], "the demo left files behind"


@dataclass  # without slots: the browser's driver keeps notes of its own on what it calls back
class Watched:
    """One page of the demo, with both phones, and everything it complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def survivor(self) -> Handset:
        return Handset(self.page.locator(".column").nth(0), "survivor")

    @property
    def desk(self) -> Handset:
        return Handset(self.page.locator(".column").nth(1), "desk")

    def watch(self) -> None:
        """Listen to everything the page does from now on."""
        self.page.on("console", lambda said: self.complaints.append(f"console: {said.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)
        self.page.on("request", lambda request: self.asked.append(request.url))

    def _failed(self, request: Request) -> None:
        self.complaints.append(f"failed: {request.method} {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if not response.ok:
            self.complaints.append(f"{response.status}: {response.url}")

    def outside(self) -> list[str]:
        """Addresses off this machine that the page asked for."""
        hosts = {url: urlsplit(url) for url in self.asked}
        return [
            url
            for url, parts in hosts.items()
            if parts.scheme != "data" and parts.hostname != "127.0.0.1"
        ]

    async def daytime(self) -> None:
        """Go on to the next morning if it is night in New York: staff words wait for her hours."""
        shown = self.page.locator("#now")
        await patient(shown).to_have_attribute("datetime", re.compile("T"))
        now = datetime.fromisoformat(await shown.get_attribute("datetime") or "")
        hour = now.astimezone(ZoneInfo("America/New_York")).hour
        hours = 0 if 8 <= hour < 20 else (10 - hour) % 24
        for ahead in range(1, hours + 1):
            await self.page.get_by_role("button", name="+1 h").click()
            await patient(self.page.locator("#ahead")).to_contain_text(f"({ahead} h")

    async def on_locked_screens(self) -> list[dict[str, str]]:
        """Each notification that a locked phone has shown: whose, bot, how, words."""
        return await self.page.evaluate("window.onLockedScreens")


@pytest.fixture
async def browser(browser_path: Path) -> AsyncIterator[Browser]:
    """A headless Chromium that knows no host but loopback."""
    async with async_playwright() as play:
        started = await play.chromium.launch(executable_path=browser_path, args=list(ARGUMENTS))
        yield started
        await started.close()


@pytest.fixture
def viewport() -> dict[str, int]:
    """Room for both phones side by side; tests of small screens ask for less."""
    return WIDE


@pytest.fixture
async def watched(demo: Demo, browser: Browser, viewport: dict[str, int]) -> AsyncIterator[Watched]:
    """The demo's page, open and watched; its complaints fail the test at the end."""
    context = await browser.new_context(
        viewport=viewport,
        locale="en-US",
        timezone_id="America/New_York",
        reduced_motion="reduce",
    )
    await context.add_init_script(RECORD_LOCKED_SCREENS)
    found = Watched(await context.new_page())
    found.watch()
    await found.page.goto(demo.url)
    await patient(
        found.page.get_by_role("heading", name="Waymark", exact=True).first
    ).to_be_visible()
    await found.daytime()
    yield found
    journal = await found.page.evaluate(
        "fetch('/sandbox/journal?event=error').then((r) => r.json())"
    )
    complaints = list(found.complaints)  # closing breaks off the page's own long poll
    assert found.asked, "no request was seen at all"
    outside = found.outside()
    await context.close()
    assert complaints == []
    assert outside == []
    assert journal["entries"] == [], "the bots asked for something Telegram does not know"


@pytest.fixture
def album() -> Album:
    """Where `PICTURES` says; a folder counts from the project's own."""
    asked = os.environ.get("PICTURES")
    return Album(ROOT / asked if asked else None)
