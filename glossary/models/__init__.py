"""Concepts, their sections by language, and the designations of these with their inflected forms."""

from glossary.models.concepts import Collection, Concept, ConceptRelation, ConceptScheme, Numbering
from glossary.models.sections import Designation, LanguageSection, SurfaceForm

__all__ = [
    "Collection",
    "Concept",
    "ConceptRelation",
    "ConceptScheme",
    "Designation",
    "LanguageSection",
    "Numbering",
    "SurfaceForm",
]
