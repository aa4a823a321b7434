"""Sessions that run a network, for the stages that need one."""
