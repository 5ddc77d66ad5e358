"""What the assistant knows: topics, sources, regions and step-by-step procedures, as YAML files.

`load()` gives everything as typed, validated models; `knowledge.check` finds faults in the text.
"""

from knowledge.loader import KnowledgeError, load
from knowledge.model import Fact, Insurer, Knowledge, Region, Source, SourceRef, Topic, TopicKind

__all__ = [
    "Fact",
    "Insurer",
    "Knowledge",
    "KnowledgeError",
    "Region",
    "Source",
    "SourceRef",
    "Topic",
    "TopicKind",
    "load",
]
