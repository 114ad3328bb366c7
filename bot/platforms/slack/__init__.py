"""Slack: Bolt in Socket Mode or over signed HTTP, cards as Block Kit."""
