"""What a page of the site may do: its Content-Security-Policy, the same on every page.

A page runs the scripts that lie beside it and nothing else: no script within the page, no text
turned into code, no network, no form that sends. plotly.js draws the course's charts under it
without `'unsafe-eval'`. `'self'` holds for pages opened from disk too (tried in Chromium 156 and
Firefox 153).
"""

from __future__ import annotations

RULES = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    # Drawings and charts carry style attributes, and plotly.js brings a <style>.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "worker-src": "'self' blob:",
    "connect-src": "'none'",
    "form-action": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}
POLICY = "; ".join(f"{what} {sources}" for what, sources in RULES.items())
"""The content of the first `<meta>` of every page."""
