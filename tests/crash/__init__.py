"""Kills the running bot again and again, and judges from the outside what it lost, repeated or mixed up."""
