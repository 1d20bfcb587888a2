"""The bot Waymark is measured against: stateless, on python-telegram-bot's own ``Application`` with
``run_polling`` and every default kept (one update at a time: ``concurrent_updates`` is off), as its
documentation teaches it. It remembers nothing, so it loses everything at a restart.
"""

import sys

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from .plan import LABELS

TEXT = (
    "You stand at side {side} of the square.\n\nThe four ways lead to the other side. You can take "
    "each of them, in any order, as often as you like. Nothing here is decided, and nobody is told "
    "which one you took."
)


def keyboard(count: int) -> InlineKeyboardMarkup:
    """Four buttons, one a row, as Waymark shows them."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=f"{label}:{count}")] for label in LABELS]
    )


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/start``: the first screen."""
    del context
    await update.message.reply_text(TEXT.format(side=0), reply_markup=keyboard(0))


async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A button: answer it, and edit the message it hangs on."""
    del context
    query = update.callback_query
    await query.answer()
    count = int(query.data.partition(":")[2]) + 1
    await query.edit_message_text(TEXT.format(side=count), reply_markup=keyboard(count))


async def typed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Words: send the next screen, and delete what was typed."""
    del context
    await update.message.reply_text(TEXT.format(side=0), reply_markup=keyboard(0))
    await update.message.delete()


async def say_ready(application: Application) -> None:
    """Told to whoever started this process."""
    print(f"ready: {application.bot.name}", flush=True)


def main(url: str, token: str) -> None:
    """Serve until SIGTERM."""
    application = (
        Application.builder()
        .token(token)
        .base_url(f"{url}/bot")
        .base_file_url(f"{url}/file/bot")
        .post_init(say_ready)
        .build()
    )
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(pressed))
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, typed))
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
