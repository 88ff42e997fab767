"""The pages: one module each, with ``page`` as its entry.

Not called ``pages``: a folder of that name beside the entry makes Streamlit run its files as pages.
"""
