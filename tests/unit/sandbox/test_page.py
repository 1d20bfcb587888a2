"""The chat page in a real browser, with a toy bot behind it: by keyboard, at both widths."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from bot.sandbox import create_world
from bot.sandbox.serving import listening

from .conftest import TOKEN, Client

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def _toy(client: Client) -> None:
    """Screens are edited at a press; 'bye' deletes the words and the screen."""
    offset, screen = 0, 0
    while True:
        for update in await client.updates(offset=offset, timeout=20):
            offset = update["update_id"] + 1
            if query := update.get("callback_query"):
                where = {
                    "chat_id": query["from"]["id"],
                    "message_id": query["message"]["message_id"],
                }
                await client.ok("answerCallbackQuery", callback_query_id=query["id"], text="Saved")
                await client.ok("editMessageText", text="Second screen", **where, **_keys("Back"))
                continue
            message = update.get("message") or update["edited_message"]
            chat_id = message["chat"]["id"]
            if message.get("text") == "bye":
                ids = [screen, message["message_id"]]
                await client.ok("deleteMessages", chat_id=chat_id, message_ids=ids)
                continue
            sent = await client.ok(
                "sendMessage",
                chat_id=chat_id,
                text="<b>First</b> screen",
                entities=[{"type": "bold", "offset": 3, "length": 5}],
                disable_notification=True,
                **_keys("Go on", "Not now"),
            )
            screen = sent["message_id"]


def _keys(*labels: str) -> dict[str, object]:
    return {
        "reply_markup": {
            "inline_keyboard": [[{"text": label, "callback_data": label}] for label in labels]
        }
    }


@contextlib.asynccontextmanager
async def _page(browser_path: Path, width: int, **context):
    """A page on a fresh world with Ana in it; what the browser complained about fails the test."""
    world = create_world(seed=1, pacing=False, strict_polls=False)
    world.add_bot(TOKEN, "survivor", title="Ways")
    world.add_bot("2000:staff-token", "staff", title="Desk")
    ana, lea = world.people.add("Ana", "es"), world.people.add("Lea")
    group = world.people.add_group("Team", [lea], ["staff"])
    world.config = {
        "title": "A quiet sandbox",
        "phones": [
            {"label": "Survivor", "bot": "survivor", "people": [ana.id]},
            {"label": "Staff", "bot": "staff", "people": [lea.id], "groups": [group.id]},
        ],
    }
    complaints: list[str] = []
    async with listening(world) as url, async_playwright() as play:
        bot = asyncio.create_task(_toy(Client(world)))
        browser = await play.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        try:
            shown = await browser.new_context(viewport={"width": width, "height": 900}, **context)
            page = await shown.new_page()
            page.on("console", lambda said: complaints.append(said.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await page.goto(url)
            yield world, page
        finally:
            await browser.close()
            bot.cancel()
            await asyncio.gather(bot, return_exceptions=True)
    assert complaints == []
    assert world.journal.errors == ()


async def test_whole_talk_goes_by_keyboard_alone(browser_path):
    """Start, press, write, edit one's words: without a pointer, and the focus stays put."""
    async with _page(browser_path, 1280) as (world, page):
        phone = page.locator(".column").first
        await expect(page.get_by_role("heading", name="A quiet sandbox")).to_be_visible()
        await phone.get_by_role("button", name="START").focus()
        await page.keyboard.press("Enter")
        go_on = phone.get_by_role("button", name="Go on")
        await expect(go_on).to_be_visible()
        await expect(phone.locator("strong")).to_have_text("First")
        await expect(phone.locator(".msg").last).to_contain_text("<b>First</b> screen")
        await go_on.focus()
        await page.keyboard.press("Enter")
        await expect(phone.locator(".toast")).to_have_text("Saved")
        await expect(phone.locator(".msg").last).to_contain_text("Second screen")
        await expect(phone.locator(".mark-edited")).to_have_text("edited")
        await expect(phone.get_by_role("button", name="Back")).to_be_focused()
        field = phone.get_by_role("textbox", name="Message as survivor")
        await field.focus()
        await page.keyboard.type("hello")
        await page.keyboard.press("Enter")
        await expect(phone.locator(".msg.mine", has_text="hello")).to_be_visible()
        edit = phone.get_by_role("button", name="Edit").last
        await edit.focus()
        await page.keyboard.press("Enter")
        await expect(field).to_have_value("hello")
        await field.fill("hello again")
        await page.keyboard.press("Enter")
        own = phone.locator(".msg.mine", has_text="hello again")
        await expect(own.locator(".mark-edited")).to_be_visible()
        ana = next(iter(world.persons.values()))
        said = [m.text for m in world.people.messages(ana, "survivor") if m.sender]
        assert said == ["/start", "hello again"]


async def test_deletions_fade_and_leave_the_locked_screen(browser_path):
    """A deleted message is a ghost first and then gone; its notification goes at once."""
    async with _page(browser_path, 1280) as (_, page):
        phone = page.locator(".column").first
        await phone.get_by_role("button", name="START").click()
        note = phone.locator(".notes li")
        await expect(note).to_contain_text("Ways")
        await expect(note).to_contain_text("silent")
        await expect(note).to_contain_text("First")
        await phone.get_by_role("textbox").fill("bye")
        await phone.get_by_role("button", name="Send").click()
        await expect(phone.locator(".msg.ghost")).to_have_count(2)
        await expect(note).to_have_count(0)
        await expect(phone.locator(".msg.ghost")).to_have_count(0, timeout=8000)


async def test_people_can_be_added_blocked_and_sent_ahead_in_time(browser_path):
    """More phones, a block, a made-up voice message, and the clock."""
    async with _page(browser_path, 1280) as (world, page):
        phone = page.locator(".column").first
        await phone.get_by_role("button", name="Add a person").click()
        await expect(phone.get_by_role("button", name="Survivor 2")).to_have_attribute(
            "aria-pressed", "true"
        )
        await phone.get_by_label("App language").select_option("es")
        await phone.get_by_role("button", name="START").click()
        await expect(phone.get_by_role("button", name="Go on")).to_be_visible()
        assert list(world.persons.values())[-1].language == "es"
        await phone.locator("summary").click()
        await phone.get_by_role("button", name="Voice").click()
        await expect(phone.locator(".media")).to_have_text("voice")
        await phone.get_by_role("button", name="Block the bot").click()
        await expect(phone.locator(".state")).to_have_text("blocked")
        await expect(phone.get_by_role("textbox")).to_be_disabled()
        await phone.get_by_role("button", name="Unblock").click()
        await page.get_by_role("button", name="+41 h").click()
        await expect(page.locator("#ahead")).to_have_text("(41 h 0 min ahead)")
        staff = page.locator(".column").nth(1)
        await staff.get_by_role("button", name="Team").click()
        await expect(staff.locator(".state")).to_have_text("group")


@pytest.mark.parametrize("width", [360, 1280])
async def test_nothing_sticks_out_sideways(browser_path, width):
    """At 360 px the phones are stacked, at 1280 px side by side; nothing scrolls sideways."""
    async with _page(browser_path, width, reduced_motion="reduce", color_scheme="dark") as (
        _,
        page,
    ):
        await page.locator(".column").first.get_by_role("button", name="START").click()
        await expect(page.get_by_role("button", name="Go on")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") == width
        boxes = [await column.bounding_box() for column in await page.locator(".column").all()]
        assert (boxes[0]["y"] == boxes[1]["y"]) is (width == 1280)
        small = await page.evaluate(
            "[...document.querySelectorAll('button:not(.command), select, summary, textarea')]"
            ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24)"
            ".map(e => e.outerHTML)"
        )
        assert small == []
