"""Scenario files: what differs from the world as it was, read strictly into dated events."""

from teritwa.scenario.inherit import shipped
from teritwa.scenario.loading import load, parse
from teritwa.scenario.reader.problems import ScenarioError
from teritwa.scenario.scenario import Scenario

__all__ = ["Scenario", "ScenarioError", "load", "parse", "shipped"]
