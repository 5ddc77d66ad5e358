"""How a conversation goes: Rasa decides, actions answer, the flow engine walks procedures."""
