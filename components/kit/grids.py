"""How every grid behaves and looks; `assets/js/areas/missions-cells.js` holds the theme and draws the cells."""

from __future__ import annotations

OPTIONS = {
    "animateRows": False,
    "enableCellTextSelection": True,
    "ensureDomOrder": True,
    "suppressNoRowsOverlay": True,
    "suppressMovableColumns": True,
    "theme": {"function": "missionControlTheme(themeQuartz)"},
}
