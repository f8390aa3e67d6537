"""Notifications: the queue, the table of consents, and who sends the mails."""
