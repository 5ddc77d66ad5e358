"""Makes Rasa 3.6.21 run on Python 3.11 to 3.13 without TensorFlow; import it before `rasa`.

Everything the project does to Rasa's inside stands in this package: `stubs` answers for packages
that Rasa imports but this project does not install, `later` keeps out large ones until they are
used, `patches` restores what newer libraries dropped. docs/adr/0001-rasa-without-tensorflow.md
tells why, and how to leave.
"""

import warnings
from importlib import metadata

from nlu.rasa_compat import later, patches, stubs

SUPPORTED = {"rasa": "3.6.21", "rasa-sdk": "3.6.2"}


class UnsupportedRasaError(ImportError):
    """The installed Rasa is not the one the patches were written for."""


def refuse_other_versions() -> None:
    """Check that the installed Rasa is the one in SUPPORTED.

    Raises:
        UnsupportedRasaError: it is not.
    """
    for name, wanted in SUPPORTED.items():
        found = metadata.version(name)
        if found != wanted:
            raise UnsupportedRasaError(
                f"nlu/rasa_compat was written for {name} {wanted}, found {found}: "
                "check each patch against the new version, then change SUPPORTED"
            )


def quiet() -> None:
    """Rasa logs message texts, and warns of its old libraries, unless told not to."""
    import logging

    import structlog

    logging.getLogger("rasa").setLevel(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    warnings.filterwarnings("ignore", module=r"(rasa|pykwalify|pkg_resources|sanic)")
    warnings.filterwarnings("ignore", message=".*pkg_resources.*")


refuse_other_versions()
quiet()
stubs.install()
patches.apply()
later.install()
