# De woorden van het register in de werkbank.
