"""The sources of data/references.csv, and how a text points to one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hepatica.ledger import tables


@dataclass(frozen=True)
class Reference:
    """One source: DOI, PubMed and PMC numbers where known, otherwise an address; when it was last
    read and what of it, blank where that was not kept."""

    key: str
    short: str
    title: str
    doi: str
    pmid: str
    pmc: str
    url: str
    note: str
    read_on: str = ""
    read_as: str = ""

    @property
    def link(self) -> str:
        """The best address: DOI, then PubMed, then PMC, then the page itself;
        blank for our own work."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        if self.pmc:
            return f"https://pmc.ncbi.nlm.nih.gov/articles/{self.pmc}/"
        return self.url


def reference(key: str, data: Path | str | None = None) -> Reference:
    """The source ``key`` of data/references.csv; raises LedgerError, with the nearest keys,
    when unknown."""
    return Reference(**tables.row("references", key, tables.folder_of(data)))


def cite(key: str, data: Path | str | None = None) -> str:
    """A Markdown link to a source, ``[Adler 2020](https://doi.org/…)``;
    plain words where it has no address."""
    source = reference(key, data)
    return f"[{source.short}]({source.link})" if source.link else source.short
