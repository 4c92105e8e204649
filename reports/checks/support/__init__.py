"""What the rules share: amounts, values, sheets, words and the analysed text. No rule is defined here."""
