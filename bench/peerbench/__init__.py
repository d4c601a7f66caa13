"""The parts of `bench/peers.py`, one module each."""
