"""Notebooks to an offline web site: pages, exercises, teacher's pages, slides and print."""

from hepatica.site.build import build
from hepatica.site.errors import SiteError

__all__ = ["SiteError", "build"]
