"""Sessions that run a network. Empty until an engine needs one."""
