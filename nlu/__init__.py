"""How Dutch text becomes a topic: training sentences, spaCy pipeline, Rasa components, decision."""
