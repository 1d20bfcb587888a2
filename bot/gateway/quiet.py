"""Keeps other people's loggers from telling: HTTP clients print URLs with tokens, the Bot API
library prints whole batches of updates, the database driver prints parameters. Call it first.
"""

import logging

TALKATIVE = ("telegram", "httpx", "httpcore", "aiohttp", "aiosqlite")
"""Passed on without their words: name, level and class of exception only."""

LOUD = ("uvicorn.access", "transitions")
"""Held at WARNING; their warnings may be read."""

log = logging.getLogger("waymark.quiet")


class _Muffler(logging.Handler):
    """Takes what a logger and all its children say, and passes on that they said something."""

    def emit(self, record: logging.LogRecord) -> None:
        """Pass on name, level and exception class."""
        kind = record.exc_info[0] if record.exc_info else None
        error = f" ({kind.__name__})" if kind is not None else ""
        log.log(
            record.levelno, "%s said something at level %s%s.", record.name, record.levelname, error
        )


def hush() -> None:
    """Tame the loggers of libraries, whatever level the root logger has. May be called again."""
    for name in TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.propagate = False
        logger.handlers = [_Muffler()]
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
    _hush_children()


def _hush_children() -> None:
    """A child that somebody has set to DEBUG would still speak, and around its parent's back."""
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if isinstance(logger, logging.Logger) and name.startswith(
            tuple(f"{t}." for t in TALKATIVE)
        ):
            logger.setLevel(logging.NOTSET)
            logger.propagate = True
            logger.handlers.clear()
