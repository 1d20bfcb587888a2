"""A comparison as a picture: what stands on it comes in as data, and a PNG comes out."""
