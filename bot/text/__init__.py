"""Words: catalogues, markup, dates, extraction. Knows languages; does not know people."""
