"""Who gets in: signing in, accounts, keys and links, and the log."""
