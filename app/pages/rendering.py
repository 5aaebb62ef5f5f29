"""Turns a template and its page data into HTML, with the texts of one language and the built assets' names."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.pages.rehearsal_banner import rehearsal_banner
from app.texts import LANGUAGES, t, texts

FRONTEND: Final = Path(__file__).resolve().parent.parent.parent / "frontend"
DIST: Final = FRONTEND / "dist"

_templates = Environment(
    loader=FileSystemLoader(FRONTEND / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@lru_cache(maxsize=1)
def _manifest(changed: float) -> dict[str, str]:
    manifest: dict[str, str] = json.loads((DIST / "manifest.json").read_text())
    return manifest


def asset(name: str) -> str:
    """Return the address of a built file, such as "screens/landing.js". Raises KeyError for an unknown one."""
    return f"/assets/{_manifest((DIST / 'manifest.json').stat().st_mtime)[name]}"


def render(
    request: Request, screen: str, language: str, page: dict[str, Any] | None = None, *, status: int = 200
) -> HTMLResponse:
    """Render the screen of this name."""
    html = _templates.get_template(f"{screen}.html").render(
        t=lambda key, **values: t(language, key, **values),
        language=language,
        languages=LANGUAGES,
        asset=asset,
        page=page or {},
        texts=texts(language),
        path=request.url.path,
        rehearsal=rehearsal_banner(request, language),
    )
    return HTMLResponse(html, status_code=status)
