"""Works, their editions (resources), who made them, and their identifiers."""

from library.models.agents import Agent
from library.models.parts import Contribution, Identifier
from library.models.resources import Numbering, Resource, Work

__all__ = ["Agent", "Contribution", "Identifier", "Numbering", "Resource", "Work"]
