"""What a word is, once: tokens, folded forms, stems; and the lists of words that several rooms read texts by."""
