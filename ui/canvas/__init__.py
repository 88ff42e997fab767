"""The canvas and the trace view: one packaged Streamlit component."""

from ui.canvas.component import mount

__all__ = ["mount"]
