"""Playing a conversation on the real engine without Telegram: scenarios, coverage, a simulator."""
