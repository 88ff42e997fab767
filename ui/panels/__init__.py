"""Parts of the Streamlit pages: words, charts, tables, forms."""
