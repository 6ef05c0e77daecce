"""The manual: one set of pages in Markdown, for browser, terminal, man and a site, with references made of the code."""
