"""The rules, one file per cloud and subject. Each file lists its own in `RULES`; `policies/catalogue.py` joins them."""
