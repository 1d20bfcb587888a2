"""The web side of the bot process: the webhook and the health figures."""
