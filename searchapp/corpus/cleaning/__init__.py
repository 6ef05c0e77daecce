"""Text to article text: furniture of pages taken off, paragraphs, datelines and dates found. Knows no file format."""
