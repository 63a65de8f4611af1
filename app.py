"""Entry point: `streamlit run app.py`. Composition only; the script that Streamlit reruns is pages/router.py."""

import streamlit as st

from core.bootstrap import lifespan

app = st.App("pages/router.py", lifespan=lifespan)
