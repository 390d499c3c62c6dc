"""Mail: single messages (EML) and mailboxes (mbox)."""
