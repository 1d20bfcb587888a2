"""The real program, played over HTTP against the emulated Telegram."""
