"""Kills the running bot again and again; judges from outside what was lost, repeated, mixed up."""
