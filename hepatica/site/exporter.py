"""The nbconvert exporter of the course: its own templates,
nothing from a content delivery network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter

from hepatica.site import metadata

TEMPLATES = Path(__file__).parent / "templates"


class PageExporter(TemplateExporter):
    """Writes pages of the site; the cells arrive as HTML in resources["page"],
    the frame comes from templates/."""

    file_extension = ".html"
    template_file = "notebook.html.j2"
    output_mimetype = "text/html"

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.autoescape = True
        environment.trim_blocks = environment.lstrip_blocks = True
        environment.filters["safe_html"] = Markup
        environment.globals["metadata"] = metadata.script
        return environment

    def from_notebook_node(
        self, nb: Any, resources: dict[str, Any] | None = None, **_: Any
    ) -> tuple[str, dict]:
        """Return the page of one notebook; nothing is copied or preprocessed,
        for the cells are HTML already."""
        return self.template.render(nb=nb, resources=resources), resources or {}

    def render(self, template: str, context: dict[str, Any]) -> str:
        """Return the page that a template makes of a context."""
        return self.environment.get_template(template).render(context)


def exporter() -> PageExporter:
    """Return an exporter that reads the templates beside this file."""
    return PageExporter(template_paths=[str(TEMPLATES)])
