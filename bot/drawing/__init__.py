"""Flows as pictures and as one document to sign. Reads a Library; knows no person and no server."""
