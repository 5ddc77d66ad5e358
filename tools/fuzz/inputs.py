"""What the parsers are tried with: much that is almost right, and what is not."""

from typing import Any
from urllib.parse import urlencode

from hypothesis import strategies as st

from tools.fuzz.texts import ODD, anything, broken, bsns, emails, words

# buttons, as Telegram sends them back, whoever made them

values = st.one_of(
    broken(
        st.sampled_from(
            (
                "t:noodplan/coordinatie",
                "f:abc123:wat:ja",
                "f:abc123:lukt:!wijzig-wat",
                "erbij:KP-2026-0001:7",
                "los:KP-2026-0001:7",
                "v:0123456789abcdef0123456789abcdef",
                "weg:0123456789abcdef0123456789abcdef",
                "code:A2B3-C4D5",
                "verder:",
                "profiel",
            )
        ),
        "f:!=+-~,t/kKP0123456789abc" + ODD,
    ),
    st.text(st.characters(), max_size=80),  # with halves of pairs, as JSON may hold
)


def tapped(data: str) -> dict[str, Any]:
    """An update with a tapped button."""
    user = {"id": 7, "is_bot": False, "first_name": "U"}
    chat = {"id": 7, "type": "private", "first_name": "U"}
    message = {"message_id": 3, "date": 1, "chat": chat, "text": "x"}
    query = {"id": "1", "from": user, "chat_instance": "1", "data": data, "message": message}
    return {"update_id": 1, "callback_query": query}


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("id", "type", "text", "date", "x")), inner, max_size=4)
    ),
    max_leaves=8,
)
updates = st.one_of(
    _json,
    st.builds(
        lambda kind, content: {"update_id": 1, kind: content},
        st.sampled_from(("message", "edited_message", "callback_query", "poll", "x")),
        _json,
    ),
    st.builds(
        lambda place, value: _replaced(place, value),
        st.sampled_from(("id", "from", "data", "message", "chat_instance")),
        _json,
    ),
)


def _replaced(place: str, value: Any) -> dict[str, Any]:
    update = tapped("verder:")
    update["callback_query"][place] = value
    return update


_region_words = st.sampled_from(
    "in Geleen uit Utrecht Beek beek stein, Zuid-Limburg maastrcht Parkstad de bilt wij en of belt "
    "patiënt woont naar Kerkrade-West ZIO-gebied Amersfoort Nijmegen hier".split()
)
some_words = st.builds(
    lambda *parts: " ".join(part for part in parts if part),
    *([st.just("") | _region_words | words] * 5),
)
_personal = st.one_of(
    bsns,
    emails,
    st.sampled_from(
        (
            "mw. de wit", "Fatima", "J.P. van der Berg", "Dorpsstraat 12", "6161 AB 12",
            "12-03-1950", "geb. 1 mei 1948", "06-12345678", "+31 6 12 34 56 78",
            "polisnr 12345678", "pt Yilmaz", "Zuyderland", "Buurtzorg", "in Utrecht",
            "3 keer gebeld", "fase 3a", "112", "045 5779000",
        )
    ),
)  # fmt: skip
stories = st.builds(
    lambda *parts: " ".join(part for part in parts if part),
    *([st.just("") | _personal | words | st.text(max_size=8)] * 5),
)
day_texts = broken(
    st.sampled_from(
        ("2026-03-31", "31-03-2026", "31/3/26", "1 mrt 2026", "3 dagen geleden", "vorige week",
         "afgelopen maandag", "gisteren", "2 maanden terug", "31 feb", "99-99-9999", "20261128",
         "2026-W01-1", "u3", "urgentie 2", "fase drie b", "al 3 keer gebeld", "cz en vgz")
    ),
    "0123456789-/ .jfmasond٣²",
)  # fmt: skip
queries = st.lists(
    st.tuples(
        st.sampled_from(
            "status soort regio ernst eigenaar antwoord te_laat praktijk van tot zoek sorteer "
            "pagina onderwerp groep".split()
        ),
        st.sampled_from("alle nieuw thuiszorg utrecht hoog geen ik ja 2026-11-28 1 0007".split())
        | st.text(max_size=12),
    ),
    max_size=4,
)
forms = st.one_of(
    st.binary(max_size=60),
    st.builds(
        lambda pairs: urlencode(pairs, errors="surrogatepass").encode(),
        st.lists(
            st.tuples(
                st.sampled_from(("id", "tekst", "keuze", "van", "x")),
                anything | words | st.integers().map(str),
            ),
            max_size=4,
        ),
    ),
)
