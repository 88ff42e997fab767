"""The dialog of a space's policy: how it is searched by default, what it keeps, and for how long."""

import streamlit as st

from store.memories import SpaceInfo, SpacePolicy
from store.memory_scoring import PARTS, Weights
from ui.panels import refusals
from ui.workspace import workspace


@st.dialog("Policy of the space", width="medium")
def edit(space: SpaceInfo) -> None:
    """Change the policy; what is left empty has no limit."""
    policy = space.policy
    with st.form("policy", border=False):
        st.caption("How it is searched where a caller names nothing else. A Recall node keeps its own settings.")
        columns = st.columns(4)
        weights = {
            part: column.slider(part.capitalize(), 0.0, 1.0, float(getattr(policy.weights, part)), 0.05)
            for part, column in zip(PARTS, columns, strict=True)
        }
        left, right = st.columns(2)
        half_life = left.number_input("Half-life, days", 0.01, 36_500.0, policy.half_life_days, 1.0, "%g")
        ttl = right.number_input("Forget after, days", 0.01, 36_500.0, policy.ttl_days, 1.0, "%g", placeholder="never")
        most = left.number_input("At most, records", 1, 10_000_000, policy.max_records, placeholder="no limit")
        near = right.number_input(
            "Near-duplicates from, cosine", 0.5, 1.0, policy.near_duplicate, 0.01, "%.2f", placeholder="off",
            help="From this likeness on, a new text of the same kind and layer takes the old one's place. Try 0.95.",
        )  # fmt: skip
        trusted = st.toggle("Find only trusted records", policy.only_trusted)
        done = st.form_submit_button("Save", type="primary")
    if most is not None and most < space.records:
        gone = space.records - most
        st.warning(f"Saving forgets {gone:,} of the {space.records:,} records: the least important, oldest first.")
    if done:
        changed = SpacePolicy(Weights(**weights), half_life, ttl, near, None if most is None else int(most), trusted)
        with refusals.shown():
            workspace().memories.set_policy(space.name, changed)
            st.rerun()
