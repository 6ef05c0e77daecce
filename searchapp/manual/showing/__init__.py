"""Pages of the manual as HTML, as pages for man, and with their links as each place follows them."""
