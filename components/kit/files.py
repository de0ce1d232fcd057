"""Links that take a table away as a file: what stands in it, with the filters that are set, from the export API."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from dash import html

from components.kit import live

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMS = {"csv": "CSV", "json": "JSON", "parquet": "Parquet", "xlsx": "XLSX"}


def files(dataset: str, title: str, chosen: Mapping[str, object] | None = None) -> html.Nav:
    """`title` is the table's own; `chosen` are the dataset's filters, lists where there are several."""
    query = urlencode(
        {name: value for name, value in (chosen or {}).items() if value not in (None, "", [])}, doseq=True
    )
    links = [
        html.A(
            words,
            href=f"/api/v1/export/{dataset}.{form}" + (f"?{query}" if query else ""),
            className="file",
            **live.marks(download="", aria_label=f"{title} as {words}"),
        )
        for form, words in FORMS.items()
    ]
    return html.Nav([html.Span("⇩ Export"), *links], className="files", **live.marks(aria_label=f"Export {title}"))
