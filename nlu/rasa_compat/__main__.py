"""Rasa's own command line on our versions: `python -m nlu.rasa_compat data validate ...`."""

from nlu import rasa_compat  # noqa: F401  (must come before rasa)

if __name__ == "__main__":
    from rasa.__main__ import main

    main()
