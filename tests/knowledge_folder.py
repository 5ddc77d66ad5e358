"""A small knowledge folder without faults, and its source documents, to plant faults in."""

from pathlib import Path

from knowledge.check import check

FILES = {
    "topic_ids.txt": """\
# never change
wijk/plan
wijk/bellen
wijk/stappen
gesprek/spoed
""",
    "bronnen.yml": """\
bronnen:
  gids:
    titel: De grote gids voor het maken van een goed plan in de wijk
    uitgever: LHV
    bestand: gids.md
    contactgegevens:
      - 085 - 04 80 000
      - lhv@lhv.nl
      - 3528 BL Utrecht
      - https://www.lhv.nl/
  brief:
    titel: Brief
    uitgever: Crisisteam
    bestand: brief.md
""",
    "regions.yml": """\
regios:
  - {id: utrecht, naam: Utrecht, gebied: Utrecht}
""",
    "verzekeraars.yml": """\
verzekeraars:
  - {id: cz, naam: CZ}
""",
    "maatregelen.yml": "maatregelen: []\n",
    "fasen.yml": "fasen: []\n",
    "kantelpunten.yml": "kantelpunten: []\n",
    "teksten.yml": "teksten: []\n",
    "rollen.yml": "rollen: []\n",
    "wijk.yml": """\
onderwerpen:
  - id: wijk/plan
    soort: antwoord
    titel: Een plan maken
    bron:
      - {document: gids, onderdeel: "1"}
    antwoord: |
      Je maakt samen een plan. De huisartsen doen
      mee, net als de RHO.
    meer: |
      Vraag het de LHV: 085-0480000 of lhv@lhv.nl,
      3528BL, www.lhv.nl.
    feiten:
      - feit: samen met de huisartsen
        ankers: [samen, huisartsen doen mee, "ZORGGROEP|rho"]
      - feit: de LHV weet meer
        ankers: [vraag het de lhv]
        waar: meer
    verwant: [wijk/bellen]

  - id: wijk/bellen
    soort: antwoord
    titel: Wie bel ik?
    geldt_voor: Utrecht
    bron:
      - {document: brief, onderdeel: slot}
    gedateerd: "27 januari 2022"
    antwoord: |
      In de regio Utrecht bel je (stand 27 januari 2022) je contactpersoon. Dat kan 08.00-17.00 uur.

  - id: wijk/stappen
    soort: flow
    titel: De stappen
    bron:
      - {document: gids, onderdeel: "2"}
    antwoord: Er zijn drie stappen, sinds 01-02-2022.
""",
    "gesprek.yml": """\
onderwerpen:
  - id: gesprek/spoed
    soort: gesprek
    titel: Spoed
    antwoord: Bel direct 112.
""",
    "flows/wijk.yml": """\
id: wijk/stappen
titel: De stappen
stappen:
  - id: eerst
    soort: lezen
    tekst: Bel de LHV op 085 - 04 80 000.
    bron:
      - {document: gids, onderdeel: "2"}
  - id: keus
    soort: keuze
    tekst: Wat kies je?
    keuzes:
      - {waarde: een, tekst: Optie een}
  - id: regio
    soort: keuze
    tekst: Welke regio?
    lijst: regios
""",
}

DOCUMENTS = {
    "gids.md": """\
# De grote gids voor het maken van een goed plan in de wijk

Huisartsen spreken in de wijk met elkaar af wie er **op welke dag** de patiënten opvangt.

085 – 04 80 000, lhv@lhv.nl, 3528 BL Utrecht, <https://www.lhv.nl/>
""",
    "brief.md": "Neem contact op.\n",
}


def write(texts: dict[str, str], folder: Path) -> Path:
    """Write files by their name, and give the folder they are in."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def plant(folder: Path, file: str, old: str, new: str) -> None:
    """Replace a text that occurs in the file; append when `old` is empty."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    changed = text.replace(old, new, 1) if old else text + new
    (folder / file).write_text(changed, encoding="utf-8")


def found(folder: Path, sources: Path | None = None) -> list[tuple[str, int, str, str]]:
    """The faults as plain tuples."""
    return [(f.file, f.line, f.id, f.message) for f in check(folder, sources)]
