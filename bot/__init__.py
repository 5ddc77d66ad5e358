"""How people reach the assistant: Telegram, terminal, one-shot commands; settings and wiring."""
